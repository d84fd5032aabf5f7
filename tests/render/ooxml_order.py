"""The order of children that the schemas of ECMA-376 (transitional) demand, for the elements that our forms write.

Word, PowerPoint and Excel may refuse or "repair" a file that breaks it; the Open XML SDK's validator names it
Sch_UnexpectedElementContentExpectingComplex. Names in one element of a tuple, separated by `|`, share a place.
"""

from __future__ import annotations

RUN = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath"
)
PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
SETTINGS = (
    "writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries "
    "displayBackgroundShape printPostScriptOverText printFractionalCharacterWidth printFormsData "
    "embedTrueTypeFonts embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges "
    "bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors hideGrammaticalErrors "
    "activeWritingStyle proofState formsDesign attachedTemplate linkStyles stylePaneFormatFilter "
    "stylePaneSortMethod documentType mailMerge revisionView trackRevisions doNotTrackMoves doNotTrackFormatting "
    "documentProtection autoFormatOverride styleLockTheme styleLockQFSet defaultTabStop autoHyphenation "
    "consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle "
    "defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets "
    "drawingGridHorizontalSpacing drawingGridVerticalSpacing displayHorizontalDrawingGridEvery "
    "displayVerticalDrawingGridEvery doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin "
    "drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning characterSpacingControl printTwoOnOne "
    "strictFirstAndLastChars noLineBreaksAfter noLineBreaksBefore savePreviewPicture doNotValidateAgainstSchema "
    "saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText doNotDemarcateInvalidXml saveXmlDataOnly "
    "useXSLTWhenSaving saveThroughXslt showXMLTags alwaysMergeEmptyNamespace updateFields hdrShapeDefaults "
    "footnotePr endnotePr compat docVars rsids mathPr attachedSchema themeFontLang clrSchemeMapping "
    "doNotIncludeSubdocsInStats doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType "
    "schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator"
)
FILL = "noFill|solidFill|gradFill|blipFill|pattFill|grpFill"
LABELS = (
    "numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator "
    "showLeaderLines leaderLines extLst"
)
AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos "
    "spPr txPr crossAx crosses|crossesAt"
)
SHEET = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges "
    "scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks "
    "customProperties cellWatches ignoredErrors smartTags drawing drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
)

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PLACED = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"

_SHAPE = f"xfrm custGeom|prstGeom {FILL} ln effectLst|effectDag scene3d sp3d extLst"

ORDER = {
    WORD: {
        "rPr": RUN,
        "pPr": PARAGRAPH,
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
        "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign "
        "hideMark",
        "tbl": "bookmarkStart|bookmarkEnd tblPr tblGrid tr|sdt|bookmarkStart|bookmarkEnd",
        "tr": "tblPrEx trPr tc|sdt|bookmarkStart|bookmarkEnd",
        "tblBorders": "top left start bottom right end insideH insideV",
        "tcBorders": "top left start bottom right end insideH insideV tl2br tr2bl",
        "tblCellMar": "top left start bottom right end",
        "tcMar": "top left start bottom right end",
        "pBdr": "top left bottom right between bar",
        "sectPr": "headerReference|footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid "
        "printerSettings",
        "sdt": "sdtPr sdtEndPr sdtContent",
        "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex "
        "equation|comboBox|date|docPartObj|docPartList|dropDownList|picture|richText|text|citation|group|bibliography",
        "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat "
        "locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
        "tblStylePr": "pPr rPr tblPr trPr tcPr",
        "styles": "docDefaults latentStyles style",
        "docDefaults": "rPrDefault pPrDefault",
        "settings": SETTINGS,
        "p": "pPr r|hyperlink|sdt|bookmarkStart|bookmarkEnd|fldSimple|ins|del|proofErr",
    },
    PLACED: {
        "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
        "anchor": "simplePos positionH positionV extent effectExtent "
        "wrapNone|wrapSquare|wrapTight|wrapThrough|wrapTopAndBottom docPr cNvGraphicFramePr graphic",
    },
    PICTURE: {"pic": "nvPicPr blipFill spPr", "spPr": _SHAPE, "blipFill": "blip srcRect tile|stretch"},
    DRAWING: {
        "pPr": "lnSpc spcBef spcAft buClrTx|buClr buSzTx|buSzPct|buSzPts buFontTx|buFont buNone|buAutoNum|buChar|buBlip "
        "tabLst defRPr extLst",
        **dict.fromkeys(
            ("rPr", "defRPr", "endParaRPr"),
            f"ln {FILL} effectLst|effectDag highlight uLnTx|uLn uFillTx|uFill latin ea cs sym hlinkClick "
            "hlinkMouseOver rtl extLst",
        ),
        "p": "pPr r|br|fld endParaRPr",
        "r": "rPr t",
        "ln": f"{FILL} prstDash|custDash round|bevel|miter headEnd tailEnd extLst",
        "tcPr": f"lnL lnR lnT lnB lnTlToBr lnBlToTr cell3D {FILL} headers extLst",
        "tc": "txBody tcPr extLst",
        "tbl": "tblPr tblGrid tr",
        "txBody": "bodyPr lstStyle p",
        "bodyPr": "prstTxWarp noAutofit|normAutofit|spAutoFit scene3d sp3d flatTx extLst",
    },
    SLIDES: {
        "sld": "cSld clrMapOvr transition timing extLst",
        "notes": "cSld clrMapOvr extLst",
        "cSld": "bg spTree custDataLst controls extLst",
        "spTree": "nvGrpSpPr grpSpPr sp|grpSp|graphicFrame|cxnSp|pic|contentPart|extLst",
        "sp": "nvSpPr spPr style txBody extLst",
        "pic": "nvPicPr blipFill spPr style extLst",
        "graphicFrame": "nvGraphicFramePr xfrm graphic extLst",
        "txBody": "bodyPr lstStyle p",
        "spPr": _SHAPE,
        "nvSpPr": "cNvPr cNvSpPr nvPr",
        "presentation": "sldMasterIdLst notesMasterIdLst handoutMasterIdLst sldIdLst sldSz notesSz smartTags "
        "embeddedFontLst custShowLst photoAlbum custDataLst kinsoku defaultTextStyle modifyVerifier extLst",
    },
    CHART: {
        "chartSpace": "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotSource protection chart "
        "spPr txPr externalData printSettings userShapes extLst",
        "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly "
        "dispBlanksAs extLst",
        "plotArea": "layout areaChart|lineChart|stockChart|radarChart|scatterChart|pieChart|doughnutChart|barChart"
        "|bubbleChart valAx|catAx|dateAx|serAx dTable spPr extLst",
        "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
        "lineChart": "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId extLst",
        "areaChart": "grouping varyColors ser dLbls dropLines axId extLst",
        "scatterChart": "scatterStyle varyColors ser dLbls axId extLst",
        "doughnutChart": "varyColors ser dLbls firstSliceAng holeSize extLst",
        "ser": "idx order tx spPr invertIfNegative marker pictureOptions explosion dPt dLbls trendline errBars "
        "cat|xVal val|yVal bubbleSize smooth|shape extLst",
        "dPt": "idx invertIfNegative marker bubble3D explosion spPr pictureOptions extLst",
        "dLbls": f"dLbl delete {LABELS}",
        "dLbl": f"idx delete layout tx {LABELS}",
        "catAx": f"{AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst",
        "dateAx": f"{AXIS} auto lblOffset baseTimeUnit majorUnit majorTimeUnit minorUnit minorTimeUnit extLst",
        "valAx": f"{AXIS} crossBetween majorUnit minorUnit dispUnits extLst",
        "scaling": "logBase orientation max min",
        "legend": "legendPos legendEntry layout overlay spPr txPr",
        "marker": "symbol size spPr",
        "title": "tx layout overlay spPr txPr",
        "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
        "spPr": _SHAPE,
        "txPr": "bodyPr lstStyle p",
        "strRef": "f strCache",
        "numRef": "f numCache",
        "strCache": "ptCount pt",
        "numCache": "formatCode ptCount pt",
    },
    CELLS: {
        "worksheet": SHEET,
        "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
        "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches extLst",
        "c": "f v is extLst",
        "sheetPr": "tabColor outlinePr pageSetUpPr",
        "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    },
    DRAWN: {
        "twoCellAnchor": "from to sp|grpSp|graphicFrame|cxnSp|pic clientData",
        "oneCellAnchor": "from ext sp|grpSp|graphicFrame|cxnSp|pic clientData",
        "pic": "nvPicPr blipFill spPr",
        "graphicFrame": "nvGraphicFramePr xfrm graphic",
        "spPr": _SHAPE,
    },
}  # fmt: skip

PLACES = {
    f"{{{space}}}{name}": {
        child: place for place, names in enumerate(order.split()) for child in names.split("|")
    }
    for space, elements in ORDER.items()
    for name, order in elements.items()
}
