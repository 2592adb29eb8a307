# bash completion for chapbook(1)

_chapbook()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=
	COMPREPLY=()
	# bash splits --name=value into three words.
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $prev in
	-f | --from) words='text markdown html' ;;
	--sandbox) words='auto yes no' ;;
	--theme) words='default modern' ;;
	--split-level) words='auto none 1 2 3 4 5 6' ;;
	--profile) words='generic kindle kobo archive' ;;
	--image-size) words='1600x2400 1200x1600 800x1200' ;;
	--max-book-size | --max-page-size | --max-image-size | --cache-size) words='10M 20M 50M 200M' ;;
	--toc-depth) words='1 2 3 4 5 6' ;;
	--direction) words='ltr rtl' ;;
	--lang) words='ar de en es fr hi it ja ko nl pl pt ru sv tr zh zh-Hant' ;;
	--author-role) words='aut edt ill pht trl' ;;
	--charset) words='UTF-8 UTF-16 ISO-8859-1 WINDOWS-1252 GB18030 BIG5 SHIFT_JIS EUC-JP EUC-KR KOI8-R' ;;
	-j | --threads) words='1 2 4 8' ;;
	-d | --dir | --to-dir | --template-dir | --cache)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	-o | --output | -i | --input-list | --photo | --metadata-file | --cover | --css | --cookies)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--base-url | --title | --subtitle | --author | --bio | --author-url | --author-sort | --publisher | \
		--date | --source | --section | --subject | --description | --standfirst | --rights | \
		--series | --series-index | --identifier | --conforms-to | --certified-by | \
		--image-quality | --user-agent | --header | --proxy | --rate | --timeout | --max-redirects)
		return
		;;
	esac
	if [[ -z $words && $cur == -* ]]; then
		words='--output --to-dir --dir --from --charset --base-url --input-list --photo
			--metadata-file --title --subtitle --author --bio --author-url --author-sort
			--author-role --lang --direction --publisher --date --source --section --subject
			--description --standfirst --rights --series --series-index --identifier
			--conforms-to --certified-by --split-level --toc-depth --theme --cover --css
			--template-dir --kepub --profile --image-size --image-quality --max-book-size
			--grayscale --no-images --embed-captions --keep-location --online --offline
			--cache --cache-size --user-agent --header --cookies --proxy --rate --timeout
			--max-redirects --max-page-size --max-image-size --strict --verbose
			--explain --quiet --threads --sandbox --json --help
			--version'
	fi
	if [[ -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
	fi
	if [[ ${COMP_WORDS[1]} == @(info|check) && $COMP_CWORD -gt 1 ]]; then
		mapfile -t COMPREPLY < <(compgen -d -S / -- "$cur"; compgen -f -X '!*.epub' -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	if [[ $COMP_CWORD -eq 1 ]]; then
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W 'extract info check' -- "$cur")
	fi
}

complete -o filenames -F _chapbook chapbook
