// The sentences of Tiao. No order of alternatives resolves an ambiguity here, except that a list of addresses or words
// runs on over a comma as far as it can.
//
// Rules named …Block hold a list between braces: the parser picks up again inside them after an error, item by item.
parser grammar TiaoParser;
options { tokenVocab=TiaoLexer; }

@members {
  // As the lexer's.
  static void prepare();

  // After `1..` an address is the next heading and not the upper end.
  bool rangeEndAhead() {
    switch (_input->LA(1)) {
      case ADDR: case SEG: case ITEM_MARK: case CHAPTER: case SECTION: case PART: case ARTICLE: case PARAGRAPH: case ITEM:
      case SUBITEM: case LIMB: case SENTENCE: case HEAD: case TAIL: return false;
      default: return true;
    }
  }
}

@definitions {
  void TiaoParser::prepare() { static const Initializer once; }
}

file           : (decl | SEMI)* EOF ;
expressionFile : expr SEMI? EOF ;

// ── declarations ──
decl : useDecl | actorDecl | unitDecl | calendarDecl | conventionLine | enumDecl | conceptDecl | periodDecl | entityDecl | extendDecl | remedyDecl
     | agreementDecl | supplementDecl | scenarioDecl ;

useDecl       : USE path ;
actorDecl     : ACTOR named (COMMA named)* ;
unitDecl      : UNIT named (MEANS sum)? ;
calendarDecl  : CALENDAR named calendarBlock ;
calendarBlock : LB (calendarItem | SEMI)* RB ;
calendarItem  : (CLOSED | WORKS) calendarDate (COMMA calendarDate)*
              | FROM from=DATE (UNTIL | THROUGH) to=DATE
              | CITING STRING ;
calendarDate  : from=DATE (RANGE to=DATE)? | ident ;
enumDecl      : ENUM named ORDERED? LB named ((COMMA | UNDER) named)* RB ;
conceptDecl   : CONCEPT named ;
periodDecl    : PERIOD named FROM from=sum (UNTIL | THROUGH) to=sum ;

entityDecl  : ENTITY named memberBlock ;
extendDecl  : EXTEND path memberBlock ;
memberBlock : LB (member | SEMI)* RB ;
member      : keyMember | belongsTo | refersTo | datedBy | factDecl | define ;
keyMember   : KEY named ;
belongsTo   : BELONGS_TO path ;
refersTo    : REFERS_TO path (AS named)? ;
datedBy     : DATED path ;
factDecl    : (FACT | FINDING | JUDGMENT) named (COLON typeRef)? (PRESUMED TRUE)? (BY ident (COMMA ident)*)? ;
typeRef     : ident (LPAR INT RPAR)? (IN interval)? | ONE_OF named (COMMA named)* ;

remedyDecl  : REMEDY named OF path remedyBlock ;
remedyBlock : LB (remedyItem | SEMI)* RB ;
remedyItem  : TAKES named COLON typeRef
            | SEVERITY INT
            | COMBINE policyWord ident?
            | INCLUDES ident (COMMA ident)*
            | CHOSEN path
            | CONCEPT ident ;
policyWord  : ident | HIGHEST | LOWEST | SUM | EARLIEST | LATEST ;

agreementDecl  : AGREEMENT path label? (CONTINUED | elsewhere)? block ;
supplementDecl : SUPPLEMENT path name=label? AMENDS path title=label? block ;
label          : STRING ;

// ── statements ──
block : LB (stmt | SEMI)* RB ;
stmt  : node | rule_ | forEach | define | recorded | elsewhere | applies | inForce | duty | exceptionTo | overrides | activate
      | require | report | table | group | ledger | timeline | stages | parameter | reading | amendment | headerLine
      | extendDecl | remedyDecl | entityDecl | factDecl | periodDecl | enumDecl ;

headerLine : STATUS ident STRING? | SUBJECT path (COMMA path)* | EDITION (STRING | BY path) | conventionLine ;
conventionLine : CONVENTION ident? STRING ;

node : addresses label? forceClause? (RESIDUAL residual=addresses)? body ;
body : block
     | rule_ | forEach | define | recorded | elsewhere | applies | duty | exceptionTo | overrides | activate | require | report
     | table | group | ledger | timeline | stages | parameter | reading ;

forceClause : IN_FORCE FROM sum forceEnd? ;
forceEnd    : (UNTIL | THROUGH | FOR) sum ;
inForce     : THROUGHOUT? forceClause ;
applies     : THROUGHOUT? APPLIES WHEN expr ;

rule_      : WHEN expr (UNLESS expr)? thenClause* ;
thenClause : THEN act (COMMA act)* ;
act        : path? modality remedyCall (OR remedyCall)* | MUST? ELSEWHERE STRING ;
modality   : MUST IN_PRINCIPLE? | MUST_NOT | MAY IN_PRINCIPLE? | AUTOMATICALLY IN_PRINCIPLE? ;
remedyCall : path arguments? bound? (AGAINST path)? timeArg* ;
arguments  : LPAR argument (COMMA argument)* RPAR ;
argument   : ident (COLON expr | bound) ;
bound      : IN interval | (AT_MOST | AT_LEAST) sum IN_PRINCIPLE? ;
timeArg    : (FOR | FROM | UNTIL | THROUGH) interval IN_PRINCIPLE? ;

forEach   : FOR_EACH path (AS ident)? condition? ;
condition : WHERE LPAR expr RPAR ;
define    : DEFINE named params? (OF path)? (COLON typeRef)? (MEANS | EQ) expr ;
params    : LPAR param (COMMA param)* RPAR ;
param     : named COLON typeRef ;
recorded  : RECORDED STRING ;
elsewhere : ELSEWHERE STRING? ;
duty      : DUTY OF path (WHEN when=expr)? COLON done=expr (DUE due=sum)? IN_PRINCIPLE? (BREACH_UNDER address (BY_WORDING | BY_CITATION))? ;
exceptionTo : EXCEPTION_TO addresses WHEN expr thenClause* ;
overrides : OVERRIDES addresses ;
activate  : ACTIVATE addresses WHEN expr ;
require   : REQUIRE expr OTHERWISE STRING ;
report    : REPORT named (OF path)? ((MEANS | EQ) expr)? ;
parameter : PARAMETER named COLON typeRef (BY ident)? (IF_NONE sum)? ;
reading   : READING named LB choice (COMMA choice)* RB ;
choice    : named DEFAULT? ;

table      : TABLE named LPAR ident (COMMA ident)* RPAR HIT wordChoice tableBlock ;
wordChoice : (IF expr TAKE policyWord OTHERWISE)* policyWord ;
tableBlock : LB heading row* RB ;
heading    : BAR ident (BAR ident)* BAR ;
row        : BAR cell (BAR cell)* BAR ;
cell       : MINUS | OTHERWISE | cmp sum | set | interval ;

group      : GROUP named FROM path PER ident (COMMA ident)* groupBlock ;
groupBlock : LB (groupItem | SEMI)* RB ;
groupItem  : define ;

ledger      : LEDGER named OF path ledgerBlock ;
ledgerBlock : LB (ledgerItem | SEMI)* RB ;
ledgerItem  : ENTER sum AMONG rows DATED path
            | CREDIT sum AMONG rows DATED path (AT_MOST cap=sum PER ident (COMMA ident)*)?
            | FLOOR sum
            | OPENS_AT sum PER ident ;

timeline      : TIMELINE named OF path timelineBlock ;
timelineBlock : LB (timelineItem | SEMI)* RB ;
timelineItem  : STATES named (UNDER named)*
              | STARTS ident
              | ON path condition? GIVES sum timeArg*
              | OVERLAP OF ident COLON wordChoice
              | SHORTEN sum AMONG rows DATED path
              | FLOOR sum ;

stages      : STAGES named OF path stagesBlock ;
stagesBlock : LB (stagesItem | SEMI)* RB ;
stagesItem  : STATES named (COMMA named)*
            | STARTS ident
            | ON path (AS ident)?
            | FROM from=ident TO to=ident WHEN expr ;

amendment : (INSERT | REPLACE) node
          | APPEND address label? forceClause? body
          | REPEAL addresses
          | RENUMBER from=address TO to=address ;

// ── scenarios ──
scenarioDecl  : SCENARIO STRING OF path AS_OF DATE scenarioBlock ;
scenarioBlock : LB (scenarioItem | SEMI)* RB ;
scenarioItem  : given | expectation ;
given         : GIVEN path (rowKey=key (OF parentKey=key)? pairs | OF openOf=key OPEN)
              | GIVEN PARAMETER ident COLON expr
              | GIVEN address ;
key           : ident | STRING | INT ;
pairs         : LB (pair (COMMA pair)* COMMA?)? RB ;
pair          : ident COLON expr ;
expectation   : EXPECT (WHERE expr COLON)? expected citing? ;
expected      : actor=path? modality expectedCall (OR expectedCall)*
              | NO (actor=path? modality)? expectedCall
              | UNDETERMINED ((actor=path? modality)? expectedCall)? (NEEDS needs+=path (COMMA needs+=path)*)?
              | REPORT ident ofKey? (cmp sum | IN interval)
              | OUTCOME (ident | UNDETERMINED)
              | NO? FLAG STRING ofKey?
              | NO? FINDING address
              | DUTY ofKey? (ident | UNDETERMINED)
              | ELSEWHERE address ;
expectedCall  : path arguments? bound? ofKey? timeArg* ;
ofKey         : OF key ;
citing        : CITING addresses ;

// ── addresses ──
addresses    : addressRange (COMMA addressRange)* ;
addressRange : address (RANGE address)? ;
address      : ADDR (OF path)? | segment (OF segment)* (OF (ADDR (OF path)? | path))? ;
segment      : level (INT | CNNUM) | SEG | ITEM_MARK | HEAD | TAIL ;
level        : CHAPTER | SECTION | PART | ARTICLE | PARAGRAPH | ITEM | SUBITEM | LIMB | SENTENCE ;

// ── expressions ──
expr        : IF expr TAKE expr OTHERWISE expr | disjunction ;
disjunction : conjunction (OR conjunction)* ;
conjunction : negation (AND negation)* ;
negation    : NOT negation | comparison ;
comparison  : sum (cmp sum BY_CONVENTION?
                  | IN (set | interval BY_CONVENTION?)
                  | MEETS addresses
                  | IS_SET
                  | (IN_BOTTOM | IN_TOP) sum AMONG rows (TIES_INCLUDED | TIES_EXCLUDED))? ;
cmp         : IS | EQ | IS_NOT | AT_LEAST | AT_MOST | OVER | UNDER | BEFORE | AFTER | ON_OR_BEFORE | ON_OR_AFTER | CROSSES ;
set         : LB expr (COMMA expr)* RB ;
interval    : lo=sum (RANGE ({rangeEndAhead()}? hi=sum)?)? | RANGE hi=sum ;
sum         : product ((PLUS | MINUS) product)* ;
product     : unary (STAR unary | SLASH unary ifNone?)* ;
unary       : MINUS unary | primary ;
primary     : quantity
            | DATE
            | STRING
            | (TRUE | FALSE | NEVER | UNSTATED)
            | UNKNOWN (LPAR interval RPAR)?
            | THIS (DOT path)?
            | path (callArgs (DOT out=path)?)?
            | LPAR expr RPAR
            | aggregate
            | SUSPECTED path
            | (ANY_ITEM | ALL_ITEMS | COUNT_OF_ITEMS) (OF of=addresses)? (EXCEPT except=addresses)?
            | BREACH_OF address
            | address ;
callArgs    : LPAR (expr (COMMA expr)*)? RPAR ;
quantity    : (INT | DECIMAL) (PCT (OF unary)? | WORKING_DAYS | ident)? ;
aggregate   : COUNT AMONG rows
            | (SUM | HIGHEST | LOWEST | AVERAGE | EARLIEST | LATEST | ONLY) sum AMONG rows ifNone?
            | SHARE LPAR expr RPAR AMONG rows ifNone?
            | (EXISTS | NO) rows
            | EVERY rows HAS LPAR expr RPAR
            | CONSECUTIVE INT AMONG rows ;
ifNone      : IF_NONE sum ;
rows        : WHOLE? path (AS ident)? (WITH_SAME ident (COMMA ident)*)? condition? ;

path  : ident (DOT ident)* ;
ident : IDENT ;
named : ident STRING? ;
