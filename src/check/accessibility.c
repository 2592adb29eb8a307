/* Accessibility metadata: EPUB Accessibility 1.1, "Discovery metadata"; the values are those of the
 * W3C community group's "Schema.org Accessibility Properties for Discoverability Vocabulary". */
#include "base/word_list.h"
#include "check/run.h"

#include <string.h>

enum { MODE, SUFFICIENT, FEATURE, HAZARD, SUMMARY, KINDS };

static const struct {
	const char *property;
	enum check_id missing;
	const char *values; /* NULL: free text */
} kinds[KINDS] = {
	[MODE] = {"schema:accessMode", RULE_A11Y_MODE,
		  "auditory chartOnVisual chemOnVisual colorDependent diagramOnVisual mathOnVisual "
		  "musicOnVisual tactile textOnVisual textual visual"},
	[SUFFICIENT] = {"schema:accessModeSufficient", RULE_A11Y_SUFFICIENT,
			"auditory tactile textual visual"},
	[FEATURE] = {"schema:accessibilityFeature", RULE_A11Y_FEATURE,
		     "alternativeText annotations ARIA audioDescription bookmarks braille "
		     "captions ChemML closedCaptions describedMath displayTransformability "
		     "fullRubyAnnotations highContrastAudio highContrastDisplay "
		     "horizontalWriting index largePrint latex latex-chemistry "
		     "longDescription longDescriptions MathML MathML-chemistry none "
		     "openCaptions pageBreakMarkers pageNavigation printPageNumbers "
		     "readingOrder rubyAnnotations signLanguage sonification "
		     "structuralNavigation structuredNavigation synchronizedAudioText "
		     "tableOfContents tactileGraphic tactileObject taggedPDF timingControl "
		     "transcript ttsMarkup unknown unlocked verticalWriting "
		     "withAdditionalWordSegmentation withoutAdditionalWordSegmentation"},
	[HAZARD] = {"schema:accessibilityHazard", RULE_A11Y_HAZARD,
		    "flashing noFlashingHazard unknownFlashingHazard motionSimulation "
		    "noMotionSimulationHazard unknownMotionSimulationHazard sound "
		    "noSoundHazard unknownSoundHazard unknown none"},
	[SUMMARY] = {"schema:accessibilitySummary", RULE_A11Y_SUMMARY, NULL},
};

/* accessModeSufficient is a list: "textual,visual". Some features carry a detail that may follow
 * after a slash or colon: "highContrastAudio/noBackground". */
static void check_values(struct checker *ck, const xmlNode *n, int kind, const char *text)
{
	for (const char *s = text; *s;) {
		s += strspn(s, " ,");
		size_t len = strcspn(s, kind == SUFFICIENT ? " ," : "/:");
		if (len > 0 && !word_list_has_n(kinds[kind].values, s, len))
			report_add(&ck->opf, RULE_A11Y_VALUE, xml_line(n), "%s: %.*s",
				   kinds[kind].property, (int)len, s);
		if (kind != SUFFICIENT)
			return;
		s += len;
	}
}

void check_accessibility(struct checker *ck, xmlNode *metadata)
{
	unsigned found[KINDS] = {0};
	if (ck->version != 3)
		return;
	for (xmlNode *n = xml_first(metadata); n; n = xml_next(n)) {
		const char *property =
			xml_is(n, NS_OPF, "meta") ? xml_attr(&ck->arena, n, "property") : NULL;
		if (!property || strncmp(property, "schema:access", 13) != 0)
			continue;
		const char *text = xml_text(&ck->arena, n);
		for (int k = 0; k < KINDS; k++) {
			if (strcmp(property, kinds[k].property) != 0)
				continue;
			found[k]++;
			if (kinds[k].values)
				check_values(ck, n, k, text);
		}
		if (strcmp(property, kinds[FEATURE].property) == 0 &&
		    strcmp(text, "alternativeText") == 0) {
			ck->claims_alt = true;
			ck->claims_alt_line = xml_line(n);
		}
	}
	for (int k = 0; k < KINDS; k++)
		if (!found[k])
			report_add(&ck->opf, kinds[k].missing, xml_line(metadata), "%s", "");
}
