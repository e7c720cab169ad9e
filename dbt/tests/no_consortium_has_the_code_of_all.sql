select consortium_code
from {{ ref('consortia') }}
where consortium_code = 'all'
