"""Words printed on the template, by which the readers find their way. Writers and readers share them."""

COVER_SHEET = "Cover"
QUESTIONNAIRE_SHEET = "Questionnaire"

COMMITTEE = "Child Protection Committee"
DATE_COMPLETED = "Date completed"
ROUND = "Round"
TEMPLATE_VERSION = "Template version"

NUMBER = "No."
QUESTION = "Question"
RATING = "Rating"
COMMENT = "Comment"
