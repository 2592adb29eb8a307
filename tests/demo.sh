#!/bin/sh
# Makes a book of the sample article and says where it is: `make demo`.
set -eu
cd "$(dirname "$0")/.."
build/chapbook --quiet --photo assets/sample/lake.jpg -o build/sample.epub assets/sample/article.txt
build/chapbook info build/sample.epub
echo
echo "The book is here: $(pwd)/build/sample.epub"
