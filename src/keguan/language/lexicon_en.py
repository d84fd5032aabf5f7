"""English words that praise or blame, and what turns or strengthens their meaning.

Written for feedback on goods, food, delivery, telecom, banking and services to companies. Weights as in
`lexicon_zh`. Words are compared by stem, phrases word by word, the longest first; phrases of weight 0 say
something else than their words do.
"""

from __future__ import annotations

STRONG_PRAISE = """
excellent; outstanding; superb; fantastic; amazing; awesome; perfect; perfectly; brilliant; wonderful; exceptional;
flawless; impeccable; fabulous; phenomenal; stellar; delicious; love; loved; loves; best; top notch; first class;
world class; five stars; 5 stars; highly recommend; highly recommended; exceeded my expectations;
exceeded expectations; above and beyond; blown away; second to none; can't fault; cannot fault; couldn't be happier;
could not be happier; life saver; game changer; must have; gorgeous; stunning; delighted; thrilled; incredible;
superior; finest; magnificent; marvelous; marvellous; terrific
"""
PRAISE = """
good; great; nice; happy; happily; satisfied; satisfying; satisfactory; pleased; pleasant; pleasantly; pleasure;
enjoy; enjoyed; enjoyable; like; liked; friendly; helpful; polite; courteous; kind; caring; considerate; attentive;
patient; professional; knowledgeable; competent; responsive; efficient; efficiently; quick; quickly; fast; prompt;
promptly; speedy; timely; punctual; on time; early; easy; easily; simple; smooth; smoothly; seamless; convenient;
comfortable; comfy; cozy; clean; tidy; neat; hygienic; fresh; tasty; yummy; flavorful; flavourful; juicy; crispy;
tender; hot and fresh; generous; affordable; reasonable; reasonably; cheap; bargain; value for money; good value;
great value; worth; worthwhile; well worth; reliable; reliably; dependable; trustworthy; trust; trusted; honest;
honestly good; transparent; fair; fairly; accurate; accurately; secure; safe; safely; sturdy; durable; solid;
well made; well built; well packed; well packaged; quality; high quality; beautiful; beautifully; pretty; lovely;
stylish; elegant; attractive; cute; impressive; impressed; recommend; recommended; thank; thanks; thankful;
grateful; appreciate; appreciated; appreciative; glad; cheerful; welcoming; warm; welcome; helped; solved; resolved;
fixed; sorted; works well; work well; works great; works perfectly; works fine; improved; improvement; improves;
upgrade; effective; effectively; useful; handy; intuitive; user friendly; powerful; responsive support;
accommodating; flexible; supportive; loyal; will buy again; buy again; order again; come back; coming back; be back;
return customer; repeat customer; will return; favorite; favourite; fun; cool; smart; clever; win; winner; bonus;
advantage; benefit; beneficial; ideal; spotless; refreshing; rich; authentic; genuine; hassle free; no issues;
no issue; no problem; no problems; no complaints; no complaint; without any issues; without a problem;
without issues; no hassle; no trouble; no regrets; never disappoints; never disappointed; never fails;
not disappointed; didn't disappoint; did not disappoint; can't complain; cannot complain; not bad; not too bad;
couldn't ask for more; could not ask for more; nothing but good; success; successful; successfully; congratulations;
kudos; bravo; wow; yay; thumbs up; spot on; as described; as expected; as advertised; fits well; fit well;
true to size; stable; crisp; clear; clearly explained; bright; generous portion; large portion; plenty;
recommendable; valued; valuable; respectful; thoughtful; polished; refund was quick; quick refund;
full refund received
"""
MILD_PRAISE = """
ok; okay; fine; decent; acceptable; adequate; alright; all right; fair enough; not an issue; usable; average price;
works; working; received; arrived safely; :); :-); :d; lol; haha; solid enough; passable; suitable; enough;
regular customer
"""
STRONG_BLAME = """
terrible; terribly; horrible; horribly; horrific; awful; awfully; worst; disgusting; disgusted; gross; nasty; vile;
inedible; appalling; appalled; atrocious; abysmal; dreadful; pathetic; useless; worthless; garbage; trash; rubbish;
crap; crappy; junk; scam; scammed; scammer; scammers; fraud; fraudulent; fraudulently; rip off; ripoff; ripped off;
steal; stealing; stole; stolen; theft; thief; thieves; crook; crooks; liar; liars; lied; lying; lies; cheat;
cheated; cheating; deceptive; deceive; deceived; deceitful; misleading; mislead; misled; dishonest; unethical;
illegal; illegally; outrageous; outraged; furious; angry; anger; livid; infuriating; infuriated; unacceptable;
intolerable; ridiculous; disgrace; disgraceful; shameful; shame; shame on; nightmare; disaster; disastrous;
catastrophe; hell; hate; hated; hates; never again; never buy; never order; never use; never return;
will not return; won't return; won't be back; not be back; stay away; avoid; do not buy; don't buy; do not use;
don't use; do not recommend; don't recommend; would not recommend; wouldn't recommend; cannot recommend;
can't recommend; not recommend; not recommended; waste of money; waste of time; waste; wasted; zero stars; one star;
1 star; food poisoning; poisoned; sick; vomit; vomiting; vomited; diarrhea; cockroach; cockroaches; insect; bug in;
hair in; mold; moldy; mould; mouldy; rotten; spoiled; stinks; stink; stinky; filthy; harass; harassed; harassing;
harassment; threaten; threatened; threatening; threat; abusive; abuse; insult; insulted; insulting; violate;
violated; violation; predatory; extortion; malicious; incompetent; incompetence; fed up; sick of; had enough; sue;
lawsuit; attorney
"""
BLAME = """
bad; badly; poor; poorly; worse; disappointing; disappointed; disappointment; disappoint; unhappy; dissatisfied;
dissatisfaction; unsatisfied; unsatisfactory; upset; upsetting; annoyed; annoying; annoyance; irritated; irritating;
frustrated; frustrating; frustration; stressed; stressful; stress; worried; worry; concern; concerned; concerning;
confused; confusing; confusion; unclear; vague; rude; rudely; rudeness; unprofessional; impolite; unfriendly;
arrogant; dismissive; careless; carelessly; negligent; neglect; ignored; ignore; ignores; ignoring; indifferent;
unhelpful; unresponsive; no response; no reply; no answer; no one; nobody; no help; no resolution; slow; slowly;
sluggish; laggy; lag; lags; late; later than; delay; delayed; delays; overdue; waited; waiting; hours;
still waiting; still not; still no; yet to; cold; lukewarm; stale; soggy; bland; tasteless; salty; greasy; oily;
burnt; burned; overcooked; undercooked; raw; dry; chewy; tough; sour; bitter; dirty; messy; mess; smell; smells;
smelly; unsanitary; unhygienic; broken; broke; break; breaks; cracked; crack; damaged; damage; defective; defect;
faulty; fault; flaw; flawed; fail; failed; fails; failing; failure; malfunction; malfunctioned; crash; crashed;
crashes; crashing; freeze; freezes; froze; frozen screen; glitch; glitches; glitchy; bug; bugs; buggy; error;
errors; issue; issues; problem; problems; problematic; trouble; difficult; difficulty; hard to; impossible; unable;
unusable; unreliable; unstable; inconsistent; inaccurate; incorrect; incorrectly; wrong; wrongly; wrongful; mistake;
mistakes; mistaken; missing; missed; lost; lose; loss; leak; leaked; leaking; leaky; spill; spilled; spilt; torn;
tear; rip; ripped; shrunk; faded; flimsy; cheaply made; cheap quality; cheaply; low quality; inferior; expensive;
overpriced; pricey; costly; overcharged; overcharge; charged twice; charged me; double charged; hidden fee;
hidden fees; fee; fees; unauthorized; unauthorised; without my consent; without my permission; without permission;
dispute; disputed; disputing; complain; complained; complaining; complaint; complaints; refuse; refused; refuses;
refusing; deny; denied; denies; denying; denial; reject; rejected; cancel; cancelled; canceled; cancellation;
cancelling; canceling; refund; refunded; return it; returned it; returning; close my account; closed my account;
terminate; terminated; switch; switched; switching; switch to; left for; unsubscribe; spam; pushy; aggressive; debt;
collection; collections; collector; foreclosure; foreclose; penalty; penalties; penalized; delinquent; bankruptcy;
owed; hardship; suffer; suffered; suffering; hurt; harm; harmed; ruin; ruined; destroy; destroyed; regret;
unfortunately; unfortunate; sadly; sad; sorry; apologize; unfair; unfairly; unjust; unjustified; unreasonable;
unnecessary; unwanted; unexpected; unexplained; unknown; unverified; uncomfortable; noisy; loud; crowded;
inconvenient; inconvenience; hassle; hang up; hung up; on hold; put on hold; runaround; run around; transferred;
over and over; again and again; multiple times; numerous times; times and; nothing; never; not as described;
not as advertised; not worth; not good; not great; not happy; not satisfied; not working; not work; doesn't work;
does not work; didn't work; don't work; stopped working; stop working; doesn't fit; does not fit; did not receive;
didn't receive; never received; never arrived; not received; not arrived; not delivered; didn't arrive;
did not arrive; not fresh; not clean; not helpful; not resolved; not fixed; no longer; too small; too big;
too large; too tight; too long; too short; too much; too many; too expensive; too salty; too sweet; too slow;
too spicy; too hard; too thin; too loud; too little; not enough; lack; lacks; lacking; lacked; weak; ugly; boring;
dull; mediocre; average; subpar; sub par; below average; underwhelming; overrated; misrepresented; misrepresent;
fake; counterfeit; knockoff; imitation; suspicious; suspect; sketchy; shady; breach; breached; hacked; hack; stuck;
stalled; outdated; obsolete; complicated; complex; cumbersome; clunky; tedious; painful; pain; itchy; rash;
allergic; dangerous; unsafe; hazard; risk; risky; warn; warning; beware; careful; false; falsely; inaccuracies;
inaccuracy; erroneous; erroneously; blame; excuse; excuses; nonsense; absurd; stupid; idiot; idiots; joke;
laughable; embarrassed; embarrassing; insufficient; inadequate; incomplete; unfinished; unprepared; unorganized;
disorganized; chaos; chaotic; demand; demanded; demanding; forced; force; pressure; pressured; trick; tricked; trap;
trapped; bait and switch; stranded; chase; chasing; :(; :-(; :/
"""
MILD_BLAME = """
should; could be better; could have been better; would be nice; wish; hope; hopefully; expected; expecting; instead;
suggest; please fix; please improve; needs improvement; need improvement; improve; meh; so so; only; just ok;
supposed; told me; called; calling; calls; why; how can; how could; again; despite; although; though; except;
barely; hardly
"""
NEITHER = """
kind of; like this; like that; like to; would like; looks like; look like; feel like; felt like; sounds like;
seems like; something like; things like; just like; like a; like the; as well as; thank god; pretty much;
for example; credit card; customer care; quality control; fair credit; fair debt; trust account; trust company;
no doubt; no matter what; not only; no later; late fee; no wonder; in good faith; good faith; good morning;
good afternoon; good day; hot line; best buy; better business; free of; hard drive; hard copy; cold drink;
dry clean; bug free; error free; interest free; used to; fine print; fast food; no need; well known; so far;
right to; welcome email; close to; fixed rate; fixed deposit; risk free; clear my; clear the; secure message;
trust me; worth of; enough is enough; good standing; great deal of; save; prompt me; early on; easy pay; love to;
would love; best way; customer service; support team; quality of; recommend that; thanks for nothing
"""
THANKS_FOR_NOTHING = "thanks for nothing; enough is enough; late fee"
TURNED_PRAISE = "bug free; error free; risk free; so far so good"
NEGATIONS = """
not; no; never; without; neither; nor; hardly; barely; isn't; aren't; wasn't; weren't; don't; doesn't; didn't;
can't; cannot; couldn't; won't; wouldn't; shouldn't; haven't; hasn't; hadn't; ain't; nothing; nobody; none; isnt;
wasnt; dont; doesnt; didnt; cant; couldnt; wont; wouldnt; havent; hasnt; lack of; lacks; far from; anything but;
less
"""
STRONGER = """
very; really; so; too; extremely; absolutely; totally; completely; incredibly; super; highly; particularly;
especially; truly; utterly; deeply; most; such; quite; beyond; always; constantly; repeatedly; seriously; hugely;
exceptionally; insanely; ridiculously; more; much; all
"""
WEAKER = """
slightly; somewhat; a bit; a little; kind of; sort of; fairly; rather; relatively; partly; mildly; almost; nearly
"""
CONTRAST = "but; however; yet; unfortunately; nevertheless; nonetheless; except"
CONCESSION = "although; though; even though; despite; while"
