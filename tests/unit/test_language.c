/* Which language a text is in. The sentences are article 1 of the Universal Declaration of Human
 * Rights (United Nations; free to use), or texts of our own. */
#include "lang/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_languages(void **state)
{
	(void)state;
	static const struct {
		const char *tag, *text;
	} cases[] = {
		{"en", "All human beings are born free and equal in dignity and rights. They are "
		       "endowed with "
		       "reason and conscience and should act towards one another in a spirit of "
		       "brotherhood."},
		{"es", "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, "
		       "dotados como "
		       "están de razón y conciencia, deben comportarse fraternalmente los unos con "
		       "los otros."},
		{"fr", "Tous les êtres humains naissent libres et égaux en dignité et en droits. "
		       "Ils sont doués "
		       "de raison et de conscience et doivent agir les uns envers les autres dans "
		       "un esprit de "
		       "fraternité."},
		{"de",
		 "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit "
		 "Vernunft "
		 "und Gewissen begabt und sollen einander im Geiste der Brüderlichkeit begegnen."},
		{"pt", "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. "
		       "Dotados de "
		       "razão e de consciência, devem agir uns para com os outros em espírito de "
		       "fraternidade."},
		{"it",
		 "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono "
		 "dotati "
		 "di ragione e di coscienza e devono agire gli uni verso gli altri in spirito di "
		 "fratellanza."},
		{"nl", "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij "
		       "zijn begiftigd "
		       "met verstand en geweten, en behoren zich jegens elkander in een geest van "
		       "broederschap "
		       "te gedragen."},
		{"sv",
		 "Alla människor är födda fria och lika i värde och rättigheter. De har utrustats "
		 "med "
		 "förnuft och samvete och bör handla gentemot varandra i en anda av gemenskap."},
		{"fi",
		 "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. "
		 "Heille on "
		 "annettu järki ja omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden "
		 "hengessä."},
		{"pl", "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych "
		       "praw. Są oni "
		       "obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu "
		       "braterstwa."},
		{"cs", "Všichni lidé se rodí svobodní a sobě rovní co do důstojnosti a práv. Jsou "
		       "nadáni rozumem "
		       "a svědomím a mají spolu jednat v duchu bratrství."},
		{"tr",
		 "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana "
		 "sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler."},
		{"hu", "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az "
		       "emberek, "
		       "ésszel és lelkiismerettel bírván, egymással szemben testvéri szellemben "
		       "kell hogy "
		       "viseltessenek."},
		{"vi", "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và "
		       "quyền. Mọi con người "
		       "đều được tạo hóa ban cho lý trí và lương tâm và cần phải đối xử với nhau "
		       "trong tình "
		       "bằng hữu."},
		{"id", "Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang "
		       "sama. Mereka "
		       "dikaruniai akal dan hati nurani dan hendaknya bergaul satu sama lain dalam "
		       "semangat "
		       "persaudaraan."},
		{"ru",
		 "Все люди рождаются свободными и равными в своем достоинстве и правах. Они "
		 "наделены "
		 "разумом и совестью и должны поступать в отношении друг друга в духе братства."},
		{"uk", "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони "
		       "наділені "
		       "розумом і совістю і повинні діяти у відношенні один до одного в дусі "
		       "братерства."},
		{"ar", "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميراً "
		       "وعليهم أن "
		       "يعامل بعضهم بعضاً بروح الإخاء. وقال إن هذا من حق الإنسان في كل مكان."},
		{"fa", "تمام افراد بشر آزاد به دنیا می‌آیند و از "
		       "لحاظ "
		       "حیثیت "
		       "و "
		       "حقوق "
		       "با "
		       "هم "
		       "برابرند. همه دارای عقل و "
		       "وجدان هستند و باید نسبت به یکدیگر با روح برادری رفتار کنند."},
		{"hi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। "
		       "उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है और परस्पर उन्हें भाईचारे के भाव से बर्ताव "
		       "करना चाहिए।"},
		{"el", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι."},
		{"ko", "모든 인간은 태어날 때부터 자유롭다."},
		{"ja", "すべての人間は、生れながらにして自由である。"},
		{"th", "มนุษย์ทั้งหลายเกิดมามีอิสระ"},
		{"he", "כל בני האדם נולדו בני חורין"},
		{"zh-Hans", "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关"
			    "系的精神相对待。"},
		{"zh-Hant", "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關"
			    "係的精神互相對待。"},
		{"sl", "Vsi ljudje se rodijo svobodni in imajo enako dostojanstvo in enake "
		       "pravice. Obdarjeni so "
		       "z razumom in vestjo in bi morali ravnati drug z drugim kakor bratje."},
		/* by n-grams, where function words are none of ours */
		{"is",
		 "Hver maður er borinn frjáls og jafn öðrum að virðingu og réttindum. Menn eru "
		 "gæddir "
		 "vitsmunum og samvizku, og ber þeim að breyta bróðurlega hverjum við annan."},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *tag = language_detect(cases[i].text, strlen(cases[i].text));
		if (!tag || strcmp(tag, cases[i].tag) != 0)
			fail_msg("%s, expected %s: %s", tag ? tag : "(none)", cases[i].tag,
				 cases[i].text);
	}
}

static void test_too_little(void **state)
{
	(void)state;
	static const char *const texts[] = {"",  "1234", "The Last Ferry", "Привет, мир",
					    "a", "...",  "مرحبا"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *tag = language_detect(texts[i], strlen(texts[i]));
		if (tag)
			fail_msg("\"%s\" is %s, expected nothing", texts[i], tag);
	}
}

/* A quotation in another script does not change it. */
static void test_mixed(void **state)
{
	(void)state;
	const char *text =
		"The word for ferry in that language is 渡船, and the people of the harbour use it "
		"with pride when they speak of the boat that was there before them.";
	assert_string_equal(language_detect(text, strlen(text)), "en");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_too_little),
		cmocka_unit_test(test_mixed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
