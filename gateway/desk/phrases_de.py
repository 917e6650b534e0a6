"""The German of what agents are told, by its English (see phrases.py)."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "{weekday} {day} {month} {year}, {clock}": "{weekday}, {day}. {month} {year}, {clock} Uhr",
    "Monday": "Montag", "Tuesday": "Dienstag", "Wednesday": "Mittwoch", "Thursday": "Donnerstag", "Friday": "Freitag",
    "Saturday": "Samstag", "Sunday": "Sonntag",
    "January": "Januar", "February": "Februar", "March": "März", "April": "April", "May": "Mai", "June": "Juni",
    "July": "Juli", "August": "August", "September": "September", "October": "Oktober", "November": "November",
    "December": "Dezember",
    "new": "neu", "open": "offen", "pending": "wartet auf Kunden", "on hold": "zurückgestellt", "solved": "gelöst",
    "closed": "geschlossen",
    "nobody": "niemand", "none": "keine", "told": "mitgeteilt", "no subject": "ohne Betreff",
    "{one}; {more}": "{one}; {more}", "{one} or {other}": "{one} oder {other}", "{why}.": "{why}.",
}  # fmt: skip

_DONE: Final = {
    "nothing to change: it is so already": "nichts zu ändern: Es ist schon so",
    "status {before} → {after}": "Status {before} → {after}",
    "phase: {phase}, usually by {day}": "Phase: {phase}, meist bis {day}",
    "phase: {phase}, no date can be given": "Phase: {phase}, ohne Termin",
    "promised by {day}": "zugesagt bis {day}",
    "assigned to {agent}": "zugewiesen: {agent}",
    "team: {team}": "Team: {team}",
    "category: {category}": "Kategorie: {category}",
    "priority: {priority}": "Priorität: {priority}",
    "title: {title}": "Titel: {title}",
    "escalated to {tier}": "eskaliert an {tier}",
    "task: {task}": "Aufgabe: {task}",
    "problem: {problem}": "Problem: {problem}",
    "together with the tickets of {problem}": "zusammen mit den Tickets von {problem}",
    "tagged {tag}": "Schlagwort {tag}",
    "no longer tagged {tag}": "nicht mehr mit dem Schlagwort {tag}",
    "{email} reads along": "{email} liest mit",
    "{email} no longer reads along": "{email} liest nicht mehr mit",
    "linked to {ticket}": "verknüpft mit {ticket}",
    "{ticket} is a ticket of its own again": "{ticket} ist wieder ein eigenes Ticket",
    "goes on as {ticket}, with all that was said": "geht als {ticket} weiter, mit allem, was gesagt wurde",
    "goes on as {ticket}, with all that was said; {left} read along here and not there: cc adds them": (
        "geht als {ticket} weiter, mit allem, was gesagt wurde; {left}: liest hier mit und dort nicht, cc ergänzt"
    ),
    "progress reported": "Zwischenstand mitgeteilt",
    "progress reported, the next report is due on {day}": "Zwischenstand mitgeteilt, der nächste ist fällig am {day}",
    "the mail that goes with the voicemail": "die Mail, die zur Sprachnachricht gehört",
    "{minutes} min, {total} in all": "{minutes} min, insgesamt {total}",
    "quote of {size}, on hold until {who} approves or declines it": (
        "Angebot über {size}, zurückgestellt, bis {who} es annimmt oder ablehnt"
    ),
    "quote of {size} taken back": "Angebot über {size} zurückgezogen",
    "no more letters about it to you, unless you are named or get it": (
        "keine Mails mehr dazu an dich, außer du wirst genannt oder bekommst es"
    ),
    "letters about it to you again": "wieder Mails dazu an dich",
    "no reminders to us before {day}": "keine Erinnerungen an uns vor {day}",
    "the saved answer {name}": "die gespeicherte Antwort {name}",
    "To {email}: {letter} in {time}, /undo takes it back until then.": (
        "An {email}: {letter} in {time}, bis dahin nimmt /undo es zurück."
    ),
    "To {email}: {letter}.": "An {email}: {letter}.",
    "Without an answer: {dates}.": "Ohne Antwort: {dates}.",
    "reminder on {day}": "Erinnerung am {day}",
    "closing on {day}": "Schließung am {day}",
    "{agent} is told.": "{agent} erfährt davon.",
    "{agent} wants no letters, and is not told.": "{agent} möchte keine Mails und erfährt es nicht.",
    "Your text is a private note: the customer does not see it.": (
        "Dein Text ist eine private Notiz: Der Kunde sieht ihn nicht."
    ),
    "Tried only: nothing was changed and nothing was sent.": "Nur ausprobiert: Nichts wurde geändert oder verschickt.",
    "taken back: the ticket is as it was": "zurückgenommen: Das Ticket ist, wie es war",
    "mail of {email} is held from now on: /spam off takes it back": (
        "Mails von {email} werden ab jetzt zurückgehalten: /spam off hebt das auf"
    ),
    "mail of {email} is let in": "Mails von {email} kommen wieder durch",
    "{count} tickets had not heard it yet, and will not.": (
        "{count} Tickets wussten noch nichts davon, und so bleibt es."
    ),
    "{ticket} stays as it is: {why}.": "{ticket} bleibt, wie es ist: {why}.",
    "{ticket} is as it was, too.": "Auch {ticket} ist, wie es war.",
}

_TOGETHER: Final = {
    "heard these words on {day}": "hat diese Worte am {day} bekommen",
    "was solved before": "war schon gelöst",
    "keeps its phase, for it was solved before": "behält seine Phase, denn es war schon gelöst",
    "keeps its phase, for {category} has no phase {phase}": (
        "behält seine Phase, denn {category} hat keine Phase {phase}"
    ),
    "{ticket} belongs to no problem": "{ticket} gehört zu keinem Problem",
    "the text names {name}, and customers of other tickets would read it: write it for all of them": (
        "der Text nennt {name}, und Kunden anderer Tickets würden es lesen: Schreib ihn für alle"
    ),
    "there is nothing to tell: write words beside it, or a phase": (
        "es gibt nichts mitzuteilen: Schreib Worte dazu, oder eine Phase"
    ),
    "The other tickets of {name}:": "Die anderen Tickets von {name}:",
    "No other ticket of {name} is open.": "Kein anderes Ticket von {name} ist offen.",
    "and {rest} more: gateway problem show {name}": "und {rest} weitere: gateway problem show {name}",
    "The last {count} of them are told within minutes.": "Die letzten {count} davon erfahren es in wenigen Minuten.",
    "{open} tickets of {name} are open, {customers} customers have it so far.": (
        "{open} Tickets von {name} sind offen, {customers} Kunden haben es bisher."
    ),
    "They were told on {day}: {words}": "Ihnen wurde am {day} mitgeteilt: {words}",
    "/again tells it here, too; gateway problem show {name} has all of it.": (
        "/again teilt es auch hier mit; gateway problem show {name} zeigt alles."
    ),
    "the ticket heard it on {day}.": "das Ticket hat es am {day} erfahren.",
}

_HELP: Final = {
    "Commands are lines that start with a slash, at the top or at the end of a mail:": (
        "Befehle sind Zeilen, die mit einem Schrägstrich beginnen, am Anfang oder Ende einer Mail:"
    ),
    "Text beside them goes to the customer.": "Text daneben geht an den Kunden.",
    "phase P: enter a phase. eta D: promise a date (2026-05-12, friday, 3 business days).": (
        "phase P: in eine Phase gehen. eta D: einen Termin zusagen (12.5., freitag, 3 business days)."
    ),
    "ask: wait for the customer. hold [TASK]: wait for somebody else. escalate [TIER|TASK].": (
        "ask: auf den Kunden warten. hold [AUFGABE]: auf andere warten. escalate [STUFE|AUFGABE]: eskalieren."
    ),
    "take. assign AGENT|TEAM|none. prio P. category C. tag T. untag T. cc A. uncc A.": (
        "take: übernehmen. assign AGENT|TEAM|none: zuweisen. prio P. category C. tag T. untag T. cc A. uncc A."
    ),
    "answer NAME: a saved answer, where this line stands.": (
        "answer NAME: eine gespeicherte Antwort, wo diese Zeile steht."
    ),
    "progress TEXT: tell the customer how it goes. call: say that we rang. time 30m. snooze 3d. link N.": (
        "progress TEXT: dem Kunden den Stand sagen. call: dass wir angerufen haben. time 30m. snooze 3d. link N."
    ),
    "quote 4h [AMOUNT]: ask the customer to approve it; on hold until then. quote none: take it back.": (
        "quote 4h [BETRAG]: ein Angebot zur Freigabe; bis dahin zurückgestellt. quote none: zurückziehen."
    ),
    "problem REF|none: it has the same cause as other tickets. again: tell it what those were told last.": (
        "problem REF|none: gleiche Ursache wie andere Tickets. again: mitteilen, was diese zuletzt erfuhren."
    ),
    "all: the words, phase, date, solution of this mail are for every ticket of its problem.": (
        "all: Worte, Phase, Termin, Lösung dieser Mail gelten für jedes Ticket des Problems."
    ),
    "merge N: this ticket goes on as N. unmerge N: N, which was merged into this one, is on its own again.": (
        "merge N: dieses Ticket geht als N weiter. unmerge N: N, das hier aufging, wird wieder ein eigenes."
    ),
    "mute: no more letters to you about it, but what names you. unmute: letters again.": (
        "mute: keine Mails mehr dazu an dich, außer du wirst genannt. unmute: wieder Mails."
    ),
    "solve. close. reopen. undo: take back what has not left yet.": (
        "solve: lösen. close: schließen. reopen: wieder öffnen. undo: zurücknehmen, was noch nicht fort ist."
    ),
    "release ID [join|alias]: let a held mail in. spam [ID]: block its sender, or this requester; spam off.": (
        "release ID [join|alias]: eine zurückgehaltene Mail einlassen. spam [ID]: ihren Absender sperren; spam off."
    ),
    "confirm [ID]: do what an earlier mail of yours ordered and had to be confirmed.": (
        "confirm [ID]: tun, was eine frühere Mail von dir anordnete und zu bestätigen war."
    ),
    "note: the whole mail is private. quiet: no letter to the customer. try: only say what would happen. help.": (
        "note: die ganze Mail ist privat. quiet: keine Mail an den Kunden. try: nur sagen, was geschähe. help."
    ),
    "/release ID: let this mail in. /release ID join: and its sender reads along.": (
        "/release ID: diese Mail einlassen. /release ID join: und der Absender liest mit."
    ),
    "/release ID alias: it is another address of the requester.": (
        "/release ID alias: es ist eine weitere Adresse des Kunden."
    ),
    "/spam ID: drop it and hold whatever its sender writes from now on.": (
        "/spam ID: verwerfen, und zurückhalten, was der Absender ab jetzt schreibt."
    ),
}

_WRONG: Final = {
    "Your text, to copy:": "Dein Text, zum Kopieren:",
    "(This is the beginning. All of it is in the mail that you sent.)": (
        "(Das ist der Anfang. Alles steht in der Mail, die du geschickt hast.)"
    ),
    "there is no /{verb}.": "einen Befehl /{verb} gibt es nicht.",
    "there is no /{verb}. Did you mean /{near}?": "einen Befehl /{verb} gibt es nicht. Meinst du /{near}?",
    "nothing stands behind this command; write text on a line of its own.": (
        "hinter diesem Befehl steht nichts; schreib Text in eine eigene Zeile."
    ),
    "there is no {what} {word}. There is {known}.": "{what} {word} gibt es nicht. Es gibt: {known}.",
    "there is no {what} {word}. Did you mean {meant}? There is {known}.": (
        "{what} {word} gibt es nicht. Meinst du {meant}? Es gibt: {known}."
    ),
    "category": "eine Kategorie", "priority": "eine Priorität", "agent": "einen Agenten", "team": "ein Team",
    "saved answer": "eine gespeicherte Antwort", "tier": "eine Stufe",
    "phase in {category} called": "in {category} eine Phase",
    "say which, as in {example}.": "sag, welche, wie in {example}.",
    "say which, as in /answer NAME; there is {known}.": "sag, welche, wie in /answer NAME; es gibt: {known}.",
    "there is no saved answer yet: write config/answers/NAME.md.": (
        "noch gibt es keine gespeicherte Antwort: Schreib config/answers/NAME.md."
    ),
    "say which, as in /problem ENG-331, or none.": "sag, welches, wie in /problem ENG-331, oder none.",
    "say whom: an agent, a team, or none, as in /assign bo.": (
        "sag, wem: einem Agenten, einem Team oder none, wie in /assign bo."
    ),
    "{agent} only looks.": "{agent} sieht nur zu.",
    "{agent} only looks, and gives no commands.": "{agent} sieht nur zu und gibt keine Befehle.",
    "that is no day; write it as in /eta 2026-05-12, /eta friday or /eta 3 business days.": (
        "das ist kein Tag; schreib ihn wie in /eta 12.5., /eta freitag oder /eta 3 business days."
    ),
    "that day is over.": "dieser Tag ist vorbei.",
    "that is over.": "das ist vorbei.",
    "that is no span of time; write it as in /snooze 3d or /snooze 2 business days.": (
        "das ist keine Zeitspanne; schreib sie wie in /snooze 3d oder /snooze 2 business days."
    ),
    "nothing but off may stand behind it; /mute off, or /unmute, lets letters come again.": (
        "dahinter darf nur off stehen; nach /mute off oder /unmute kommen wieder Mails."
    ),
    "there are no tiers here; write the task, as in /escalate ENG-331.": (
        "Stufen gibt es hier nicht; schreib die Aufgabe, wie in /escalate ENG-331."
    ),
    "that is no task number; write it as in ENG-331.": "das ist keine Aufgabennummer; schreib sie wie in ENG-331.",
    "that is no mail address.": "das ist keine Mailadresse.",
    "that is an address of this desk.": "das ist eine Adresse dieses Desks.",
    "nobody of that address reads along; {others} does.": (
        "unter dieser Adresse liest niemand mit; es liest mit: {others}."
    ),
    "{why}; write it as in /time 30m or /time 1h 15m.": (
        "das ist keine Zeitspanne; schreib sie wie in /time 30m oder /time 1h 15m."
    ),
    "working time is minutes and hours, at most a day, as in /time 1h 15m.": (
        "Arbeitszeit sind Minuten und Stunden, höchstens ein Tag, wie in /time 1h 15m."
    ),
    "{time} is no working time; {example}": "{time} ist keine Arbeitszeit; {example}",
    "say how long it takes; {example}": "sag, wie lange es dauert; {example}",
    "the amount is at most {most} characters; write the rest on a line of its own.": (
        "der Betrag hat höchstens {most} Zeichen; schreib den Rest in eine eigene Zeile."
    ),
    "write hours and minutes, as in /quote 4h or /quote 4h 30m 480 EUR. /quote none takes it back.": (
        "schreib Stunden und Minuten, wie in /quote 4h oder /quote 4h 30m 480 EUR. /quote none zieht es zurück."
    ),
    "write the number of a ticket, as in {example}.": "schreib die Nummer eines Tickets, wie in {example}.",
    "that is this very ticket.": "das ist genau dieses Ticket.",
    "that is this very ticket": "das ist genau dieses Ticket",
    "there is no such ticket.": "dieses Ticket gibt es nicht.",
    "there is no ticket {ticket}": "ein Ticket {ticket} gibt es nicht",
    "/progress needs words: write what there is to say.": "/progress braucht Worte: Schreib, was es zu sagen gibt.",
    "/progress tells the customer, and /note does not.": "/progress sagt es dem Kunden, /note nicht.",
    "/undo stands alone: what it takes back is your last mail.": (
        "/undo steht allein: Es nimmt deine letzte Mail zurück."
    ),
    "/confirm stands alone: what it confirms is another mail.": (
        "/confirm steht allein: Es bestätigt eine andere Mail."
    ),
}  # fmt: skip

_REFUSED: Final = {
    "{ticket} is closed: reopen it before you {do} it": "{ticket} ist geschlossen: Öffne es wieder, bevor du {do}",
    "solve": "es löst", "quote for": "ein Angebot machst", "ask on": "etwas fragst", "hold": "es zurückstellst",
    "escalate": "es eskalierst", "move": "es weiterbewegst",
    "{ticket} is closed: reopen it before you report progress on it": (
        "{ticket} ist geschlossen: Öffne es wieder, bevor du den Stand mitteilst"
    ),
    "{ticket} is {status}: reopen it before you promise a date for it": (
        "{ticket} ist {status}: Öffne es wieder, bevor du einen Termin zusagst"
    ),
    "{category} has no phase {phase}; it has {known}": "{category} hat keine Phase {phase}; es gibt: {known}",
    "there is no tier {tier}; there is {known}": "eine Stufe {tier} gibt es nicht; es gibt: {known}",
    "this desk has no tiers: name the task elsewhere, as in /escalate ENG-331": (
        "es gibt hier keine Stufen: Nenne die Aufgabe anderswo, etwa mit /escalate ENG-331"
    ),
    "from {tier} there is no way up; there is {known}": "über {tier} kommt nichts mehr; es gibt: {known}",
    "{this} was merged into {other}: act on that one, or unmerge {this}": (
        "{this} ging in {other} auf: Arbeite dort weiter, oder trenne {this} mit unmerge"
    ),
    "{ticket} was not merged into another ticket": "{ticket} ging in keinem anderen Ticket auf",
    "{ticket} was merged into this one: there is nothing left to merge": (
        "{ticket} ging in diesem auf: Es ist nichts mehr zusammenzulegen"
    ),
    "{ticket} was merged too often to be followed: name the ticket it ended in": (
        "{ticket} ging zu oft in anderen auf: Nenne das Ticket, in dem es endete"
    ),
    "{ticket} was not merged into this ticket; {known} was": "{ticket} ging nicht in diesem Ticket auf; es war {known}",
    "{ticket} is closed: reopen it before you merge anything into it": (
        "{ticket} ist geschlossen: Öffne es wieder, bevor etwas darin aufgeht"
    ),
    "the customer has a quote of {ticket} to decide on: /quote none takes it back": (
        "der Kunde hat über ein Angebot von {ticket} zu entscheiden: /quote none zieht es zurück"
    ),
    "{email} is not on {other}, and would miss what is said there: merge {other} into {this} instead, or use /link": (
        "{email} ist nicht an {other} beteiligt und verpasste, was dort gesagt wird: Lege {other} in {this} zusammen,"
        " oder nimm /link"
    ),
    "{email} is not on {other}, and would miss what is said there or read what is not for them: use /link or /problem,"
    " which keep people apart": (
        "{email} ist nicht an {other} beteiligt und verpasste, was dort gesagt wird, oder läse, was nicht für sie ist:"
        " Nimm /link oder /problem, die niemanden zusammenbringen"
    ),
    "{other} was merged itself since: {this} cannot be taken back": (
        "{other} ging seither selbst in einem anderen auf: {this} ist nicht zurückzunehmen"
    ),
    "some of it was split off since: unmerge {this} instead": (
        "seither wurde etwas abgetrennt: Nimm stattdessen unmerge {this}"
    ),
    "a split is taken back by a merge: merge {ticket} into this one": (
        "eine Trennung nimmt merge zurück: Lege {ticket} mit diesem zusammen"
    ),
    "there is nothing of yours to take back": "von dir ist nichts zurückzunehmen",
    "what happened last on it was not yours: there is nothing to take back": (
        "was zuletzt geschah, war nicht von dir: Es ist nichts zurückzunehmen"
    ),
    "your own mail brought it to the customer: write another one": (
        "deine eigene Mail hat es dem Kunden gebracht: Schreib noch eine"
    ),
    "the letter to {email} has left: {instead}": "die Mail an {email} ist schon fort: {instead}",
    "write another one": "schreib noch eine",
    "unmerge {ticket} instead": "nimm stattdessen unmerge {ticket}",
    "it was done too long ago to be taken back": "es ist zu lange her, um es zurückzunehmen",
    "it was done too long ago to be taken back: {instead}": "es ist zu lange her, um es zurückzunehmen: {instead}",
}  # fmt: skip

_HELD: Final = {
    "write the id of a held mail, at least four letters of it, as in /{verb} 3f2a9c.": (
        "schreib die Kennung einer zurückgehaltenen Mail, mindestens vier Zeichen davon, wie in /{verb} 3f2a9c."
    ),
    "only join or alias may stand behind the id of /release.": (
        "hinter der Kennung von /release darf nur join oder alias stehen."
    ),
    "there is no such mail.": "diese Mail gibt es nicht.",
    "several mails begin like that: write more of it.": "mehrere Mails beginnen so: Schreib mehr davon.",
    "that mail does not wait for anybody.": "diese Mail wartet auf niemanden.",
    "it is an order that waits for its confirmation: see the letter that asks for it.": (
        "das ist ein Befehl, der auf seine Bestätigung wartet: siehe die Mail, die danach fragt."
    ),
    "the mail of {sender} is let in": "die Mail von {sender} ist eingelassen",
    "the mail of {sender} is let in, who reads along from now on": (
        "die Mail von {sender} ist eingelassen; wer sie schrieb, liest ab jetzt mit"
    ),
    "the mail of {sender} is let in, which is an address of the requester from now on": (
        "die Mail von {sender} ist eingelassen; das ist ab jetzt eine Adresse des Kunden"
    ),
    "dropped; mail of {sender} is held from now on, /release lets one in again": (
        "verworfen; Mails von {sender} werden ab jetzt zurückgehalten, /release lässt eine wieder ein"
    ),
    "the mail of {sender}, {subject}: dropped, its sender held": (
        "die Mail von {sender}, {subject}: verworfen, der Absender gesperrt"
    ),
    "the mail of {sender}, {subject}: let in": "die Mail von {sender}, {subject}: eingelassen",
    '"/confirm {mail}", sent before {day}, has it done.': (
        '"/confirm {mail}", abgeschickt vor {day}, lässt es geschehen.'
    ),
    "write at least {least} letters of the id.": "schreib mindestens {least} Zeichen der Kennung.",
    "no order of yours is known by that: reply to the letter that asks, or copy the line with the id from it.": (
        "so ist kein Befehl von dir bekannt: Antworte auf die Mail, die fragt, oder kopiere die Zeile mit der Kennung."
    ),
    "that does not wait for a confirmation of yours, or was done already.": (
        "das wartet auf keine Bestätigung von dir, oder es ist schon geschehen."
    ),
    "it was valid until {day}: give the order again.": "es galt bis {day}: Gib den Befehl noch einmal.",
}

_ROUND: Final = {  # the morning's digest, the week's figures, what was put off
    "{count} days": "{count} Tage",
    " ({took})": " ({took})",
    "{count} of them late.": "{count} davon zu spät.",
    "New: {new} ({new_before}). Solved of them: {solved} ({solved_before}).": (
        "Neu: {new} ({new_before}). Davon gelöst: {solved} ({solved_before})."
    ),
    "Waiting now: {count}, half of them older than {age}.": "Jetzt warten: {count}, die Hälfte davon länger als {age}.",
    "Waiting now: 0.": "Jetzt wartet: nichts.",
    "First response, the middle one: {took}{before}.": "Erste Antwort, die mittlere: {took}{before}.",
    "First responses in time: {share}{before}.": "Erste Antworten rechtzeitig: {share}{before}.",
    "Solution, the middle one: {took}.": "Lösung, die mittlere: {took}.",
    "{whole}.{tenth}": "{whole},{tenth}",
    "Ratings: {count}, {average} of 5 on average.": "Bewertungen: {count}, im Mittel {average} von 5.",
    "One that is worth it now is opened again, and its customer told, by: gateway ticket reopen {example}": (
        "Was sich jetzt lohnt, öffnet wieder, und sein Kunde hört davon: gateway ticket reopen {example}"
    ),
}

GERMAN: Final = {**_ROUND, **_WORDS, **_DONE, **_TOGETHER, **_HELP, **_WRONG, **_REFUSED, **_HELD}
