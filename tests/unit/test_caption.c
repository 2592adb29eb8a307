/* Captions and credits. */
#include "article/figcaption.h"
#include "article/tree.h"
#include "base/buf.h"
#include "lang/caption.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_credits(void **state)
{
	(void)state;
	static const struct {
		const char *text, *whole, *name;
		bool sure;
	} cases[] = {
		{"Vaccines at the airport on March 29 (Photo/Xinhua)", "(Photo/Xinhua)", "Xinhua",
		 true},
		{"A man waves. (AP Photo/Carl Diaz)", "(AP Photo/Carl Diaz)", "AP Photo/Carl Diaz",
		 true},
		{"A man waves (AP Photo/Carl Diaz).", "(AP Photo/Carl Diaz)", "AP Photo/Carl Diaz",
		 true},
		{"A man waves. Photo: Carl Diaz", "Photo: Carl Diaz", "Carl Diaz", true},
		{"A man waves. Photo: Carl Diaz/Getty Images", "Photo: Carl Diaz/Getty Images",
		 "Carl Diaz/Getty Images", true},
		{"A man waves | Photograph: Carl Diaz", "Photograph: Carl Diaz", "Carl Diaz", true},
		{"Photo by Carl Diaz", "Photo by Carl Diaz", "Carl Diaz", true},
		{"Photo: Courtesy of NASA", "Photo: Courtesy of NASA", "NASA", true},
		{"Image credit: NASA", "Image credit: NASA", "NASA", true},
		{"Credit: Carl Diaz for the Herald", "Credit: Carl Diaz for the Herald",
		 "Carl Diaz for the Herald", true},
		{"A man waves. Reuters/Carl Diaz", "Reuters/Carl Diaz", "Reuters/Carl Diaz", true},
		{"A man waves. (Getty Images)", "(Getty Images)", "Getty Images", true},
		{"A man waves. (File photo)", "(File photo)", "File photo", true},
		{"A man waves (Xinhua photo)", "(Xinhua photo)", "Xinhua", true},
		{"A man waves (Photo by the band)", "(Photo by the band)", "the band", true},
		{"A man waves (Xinhua)", "(Xinhua)", "Xinhua", false},
		{"A man waves (© Carl Diaz)", "(© Carl Diaz)", "Carl Diaz", false},
		{"(Photo/Xinhua)", "(Photo/Xinhua)", "Xinhua", true},
		{"Credit...Carl Diaz", "Credit...Carl Diaz", "Carl Diaz", true},
		{"Die Fähre. Foto: Karl Weber/dpa", "Foto: Karl Weber/dpa", "Karl Weber/dpa", true},
		{"El puerto. Foto: José Ruiz", "Foto: José Ruiz", "José Ruiz", true},
		{"Паром (Фото: Анна Смирнова)", "(Фото: Анна Смирнова)", "Анна Смирнова", true},
		{"渡船靠岸。（图/新华社）", "（图/新华社）", "新华社", true},
		{"渡船靠岸（图片来源：港口日报）", "（图片来源：港口日报）", "港口日报", true},
		{"渡船靠岸。新华社记者 王五 摄", "新华社记者 王五 摄", "新华社记者 王五", true},
		{"渡船靠岸。王五/摄", "王五/摄", "王五", true},
		{"霧の港（写真：港新聞）", "（写真：港新聞）", "港新聞", true},
		{"صورة الميناء (تصوير: سامي الخطيب)", "(تصوير: سامي الخطيب)", "سامي الخطيب", true},
		/* agencies: in small letters, after a name, in brackets */
		{"Der Kran im Hafen. Foto: dpa", "Foto: dpa", "dpa", true},
		{"Der Kran. Foto: Uli Fluri (Keystone)", "Foto: Uli Fluri (Keystone)",
		 "Uli Fluri (Keystone)", true},
		{"A crane. (Ada Hollis/Associated Press)", "(Ada Hollis/Associated Press)",
		 "Ada Hollis/Associated Press", true},
		{"A crane. (Ada Hollis/The Gazette)", "(Ada Hollis/The Gazette)",
		 "Ada Hollis/The Gazette", false},
		{"A crane. Ada Hollis/The Gazette", "Ada Hollis/The Gazette",
		 "Ada Hollis/The Gazette", false},
		{"A crane. Ada Hollis (Reuters)", "Ada Hollis (Reuters)", "Ada Hollis (Reuters)",
		 false},
		{"A crane. (Ada Hollis)", "(Ada Hollis)", "Ada Hollis", false},
		{"A crane – Ada Hollis/AFP via Getty Images", "Ada Hollis/AFP via Getty Images",
		 "Ada Hollis/AFP via Getty Images", true},
		/* what stands before the label */
		{"A man waves, Photo: Carl Diaz", "Photo: Carl Diaz", "Carl Diaz", true},
		{"A man waves / Photo: Carl Diaz", "Photo: Carl Diaz", "Carl Diaz", true},
		{"A man waves - Photo by Carl Diaz", "Photo by Carl Diaz", "Carl Diaz", true},
		{"A man waves – Photo: Carl Diaz", "Photo: Carl Diaz", "Carl Diaz", true},
		{"Ein Mann winkt Foto: Karl Weber", "Foto: Karl Weber", "Karl Weber", false},
		/* labels */
		{"Der Kran. Quelle: Tilo Kraft", "Quelle: Tilo Kraft", "Tilo Kraft", false},
		{"Der Kran. (Symbolfoto: picture alliance/dpa | Karl Weber)",
		 "(Symbolfoto: picture alliance/dpa | Karl Weber)",
		 "picture alliance/dpa | Karl Weber", true},
		{"Der Kran. Archivfoto: Karl Weber", "Archivfoto: Karl Weber", "Karl Weber", true},
		{"Der Kran. Bildrechte: MDR", "Bildrechte: MDR", "MDR", true},
		{"Kranen. Arkivbild: Karin Berg/TT", "Arkivbild: Karin Berg/TT", "Karin Berg/TT",
		 true},
		{"Nosturi. Arkistokuva: Liisa Salo / Lehtikuva",
		 "Arkistokuva: Liisa Salo / Lehtikuva", "Liisa Salo / Lehtikuva", true},
		{"Cần cẩu. Ảnh: Minh Anh", "Ảnh: Minh Anh", "Minh Anh", true},
		{"Vinç. Fotoğraf: Ayşe Kaya / AA", "Fotoğraf: Ayşe Kaya / AA", "Ayşe Kaya / AA",
		 true},
		{"Ikreni. Isithombe: Sipho Dlamini", "Isithombe: Sipho Dlamini", "Sipho Dlamini",
		 true},
		{"Кран. Снимок: Иван Петров/ТАСС", "Снимок: Иван Петров/ТАСС", "Иван Петров/ТАСС",
		 true},
		{"Kranas uoste. J. Petraičio nuotr.", "J. Petraičio nuotr", "J. Petraičio", true},
		{"크레인. 사진=연합뉴스", "사진=연합뉴스", "연합뉴스", true},
		{"Kraninn. Ljósmynd: Jón Jónsson", "Ljósmynd: Jón Jónsson", "Jón Jónsson", true},
		{"Żuraw. Fot. Jan Nowak / PAP", "Fot. Jan Nowak / PAP", "Jan Nowak / PAP", true},
		{"Ο γερανός. Φωτογραφία: Νίκος Παππάς", "Φωτογραφία: Νίκος Παππάς", "Νίκος Παππάς",
		 true},
		{"המנוף. צילום: דנה לוי", "צילום: דנה לוי", "דנה לוי", true},
		{"La grue. Crédit photo : Anne Petit", "Crédit photo : Anne Petit", "Anne Petit",
		 true},
		{"De kraan. Beeld: ANP / Jan de Vries", "Beeld: ANP / Jan de Vries",
		 "ANP / Jan de Vries", true},
		/* copyright signs */
		{"Der Kran. © dpa | Karl Weber", "© dpa | Karl Weber", "dpa | Karl Weber", false},
		{"A crane © 2024 Ada Hollis", "© 2024 Ada Hollis", "Ada Hollis", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct credit c;
		const char *text = cases[i].text;
		if (!credit_find(text, strlen(text), &c))
			fail_msg("no credit in \"%s\"", text);
		struct buf whole = BUF_INIT, name = BUF_INIT;
		buf_append(&whole, text + c.whole_start, c.whole_len);
		buf_append(&name, text + c.name_start, c.name_len);
		assert_string_equal(whole.data, cases[i].whole);
		assert_string_equal(name.data, cases[i].name);
		if (c.sure != cases[i].sure)
			fail_msg("\"%s\": sure is %d", text, c.sure);
		buf_release(&whole);
		buf_release(&name);
	}
}

static void test_marked_credits(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"Reuters", "Reuters"},
		{"Photo by Noa Levin/Postmedia News", "Noa Levin/Postmedia News"},
		{"Bild: SN/APA/KEYSTONE/CARLO ZANETTI", "SN/APA/KEYSTONE/CARLO ZANETTI"},
		{"/Agency", "Agency"},
		{" the harbour office ", "the harbour office"},
		{"Credit: the harbour office", "the harbour office"},
		{"© the harbour office", "the harbour office"},
		{"00:00:49", NULL},
		{"1/6", NULL},
		{"12 photos", NULL},
		{"·", NULL},
		{"", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *text = cases[i][0], *name = cases[i][1];
		struct credit c;
		if (credit_name(text, strlen(text), &c) != (name != NULL))
			fail_msg("\"%s\"", text);
		if (name && (c.name_len != strlen(name) ||
			     memcmp(text + c.name_start, name, c.name_len) != 0))
			fail_msg("\"%s\": \"%.*s\"", text, (int)c.name_len, text + c.name_start);
	}
}

static void test_no_credits(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		" ",
		"(",
		")",
		"()",
		"A man waves.",
		"He put the photo in his pocket (and later in the fire).",
		"The source told Reuters.",
		"A photo: that is what he wanted",
		"Photo: a man waves at the ferry as it leaves",
		"Image: see below.",
		"The price (about 5 pounds)",
		"It was shown in the picture (see photo)",
		"He gave credit: it was due",
		"and/or",
		"Photos by the sea are pretty.",
		"他拍了一张照片。",
		"图书馆今天开放",
		"这座城市的地图",
		"He lives in a town by the sea",
		"The talks were led by China and of use",
		"Der Mann im Bild: Karl Weber",
		"The mayor of the town (Ada Hollis)",
		"The road from Berlin/Germany",
		"A harbour (Berlin/Germany)",
		"He asked for a new photo: it was lost",
		"He saw the source: a small spring",
		"Prices rose © all rights reserved",
		"Das Vorbild: ein Kran",
		"A man waves at the Reuters",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct credit c;
		if (credit_find(texts[i], strlen(texts[i]), &c))
			fail_msg("credit in \"%s\": %.*s", texts[i], (int)c.whole_len,
				 texts[i] + c.whole_start);
	}
}

static void test_marked(void **state)
{
	(void)state;
	static const char *const yes[] = {"[Image: a map of the harbour]",
					  "Figure 2: Passengers by year",
					  "Fig. 3. Passengers by year",
					  "图1 海港地图",
					  "图为渡船靠岸。",
					  "[图片：海港地图]",
					  "Abb. 4: Der Hafen",
					  "(Photo: a cat on a wall)"};
	static const char *const no[] = {"Figure 2 shows the passengers by year.",
					 "Image is all",
					 "[1]",
					 "[Imagine: a map]",
					 "图书馆今天开放",
					 "Photo 51",
					 "Figures 2: x",
					 "[Image: a] and [Image: b]",
					 "",
					 "[",
					 "[Image:]"};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!caption_is_marked(yes[i], strlen(yes[i])))
			fail_msg("\"%s\" is a caption", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (caption_is_marked(no[i], strlen(no[i])))
			fail_msg("\"%s\" is no caption", no[i]);
}

static void test_mark(void **state)
{
	(void)state;
	xmlDoc *doc = tree_doc_new("figcaption");
	xmlNode *caption = tree_root(doc);
	tree_leaf(caption, "em", "Left:");
	tree_text(caption, " a man waves (Photo/Xinhua).", 28);
	caption_mark_credit(caption);
	caption_mark_credit(caption); /* once is enough */
	xmlNode *span = tree_last(caption);
	assert_true(tree_has_class(span, "credit"));
	assert_string_equal(tree_text_value(tree_first(span)), "(Photo/Xinhua).");
	assert_string_equal(tree_text_value(tree_prev(span)), " a man waves ");
	struct buf text = BUF_INIT;
	tree_put_text(&text, caption);
	assert_string_equal(text.data, "Left: a man waves (Photo/Xinhua).");
	buf_release(&text);
	assert_false(tree_failed(doc));
	tree_doc_free(doc);

	doc = tree_doc_new("figcaption");
	tree_text(tree_root(doc), "A man waves.", 12);
	caption_mark_credit(tree_root(doc));
	assert_null(tree_first_element(tree_root(doc)));
	tree_doc_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_credits),        cmocka_unit_test(test_no_credits),
		cmocka_unit_test(test_marked_credits), cmocka_unit_test(test_marked),
		cmocka_unit_test(test_mark),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
