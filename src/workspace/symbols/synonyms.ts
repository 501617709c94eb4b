import { stem } from './words.ts';

/** Words that name the same thing in code and in questions about it, and the abbreviations that code makes of them. */
const GROUPS = `
begin start first initial init initialize
end finish last final stop terminate
middle center centre
quick fast speed efficient
mail email
guess estimate infer choose select pick
cheap optimal minimal cost
max maximum largest biggest greatest highest
min minimum smallest least lowest
remove delete drop discard strip erase unlink
add append insert push
create make build construct new
split separate divide partition chunk
join merge combine concat concatenate
copy clone duplicate
check verify validate ensure detect decide
error err exception exc failure fail
read load parse decode
write save dump encode serialize store
print display show format repr
random stochastic rng sample
mean average
deviation std spread
percentile quantile
fit regress train
predict infer forecast
neighbor neighbour adjacent nearest
window sliding rolling
smooth filter denoise
missing nan null masked invalid
unique distinct
sort order
search find lookup locate
number num count
size length len
limit bound cap restrict
temporary temp tmp
directory folder dir
address addr
argument arg parameter param option
configuration config conf settings
message msg
character char
string str text
dictionary dict mapping map
function func callable callback fn
previous prev
current cur
index idx position pos
reference ref
environment env
execute exec run
command cmd
silence suppress ignore quiet mute
warning warn
wait block sleep
group cluster
value val
update refresh
request req
response resp reply answer
automatic auto
equal equality same identical
convert transform cast
compute calculate calc
gradient grad derivative jacobian
matrix mat array
vector vec
column col
attribute attr
memory mem buffer
multiply product mul
positive pos
negative neg
absolute abs
difference diff delta
iterate iter loop
generate gen produce
password passwd secret
authentication auth credential
connection conn
compress zip pack
extract unpack
probability prob likelihood
distribution dist
accuracy acc
evaluate eval
validation val
learning lr
object obj instance
variable var
package pkg module
library lib
version ver
information info
source src
destination dst dest target
image img picture
rotate rotation turn
interpolate interp resample
`;

const others = new Map<string, Set<string>>();
for (const group of GROUPS.trim().split('\n')) {
  const words = group.split(' ');
  for (const word of words) {
    const known = others.get(stem(word)) ?? new Set<string>();
    for (const other of words) if (stem(other) !== stem(word)) known.add(other);
    others.set(stem(word), known);
  }
}

/** Other words for the same, as they are written; none where none is known. */
export function synonymsOf(word: string): readonly string[] {
  return [...(others.get(stem(word)) ?? [])];
}
