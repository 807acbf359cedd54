//! Names of people who do not exist, from many places, each with its spelling in a username.

/// Given names.
pub(super) const GIVEN: [(&str, &str); 80] = [
    ("Amara", "amara"), ("Zoë", "zoe"), ("Łukasz", "lukasz"), ("Noor", "noor"), ("Mateo", "mateo"),
    ("Søren", "soren"), ("Yuki", "yuki"), ("Priya", "priya"), ("Chloé", "chloe"), ("Omar", "omar"),
    ("Ingrid", "ingrid"), ("Tomás", "tomas"), ("Leila", "leila"), ("Kwame", "kwame"), ("Mei", "mei"),
    ("Dragan", "dragan"), ("Aoife", "aoife"), ("Hugo", "hugo"), ("Nadia", "nadia"), ("Jamal", "jamal"),
    ("Élodie", "elodie"), ("Ravi", "ravi"), ("Sofia", "sofia"), ("Ethan", "ethan"), ("Žofie", "zofie"),
    ("Malik", "malik"), ("Hana", "hana"), ("Diego", "diego"), ("Astrid", "astrid"), ("Kofi", "kofi"),
    ("Beatriz", "beatriz"), ("Jürgen", "juergen"), ("Thandiwe", "thandiwe"), ("Liam", "liam"), ("Anaïs", "anais"),
    ("Minh", "minh"), ("Olga", "olga"), ("Samir", "samir"), ("Grace", "grace"), ("Björn", "bjoern"),
    ("Fatima", "fatima"), ("Gabriel", "gabriel"), ("Ebba", "ebba"), ("Arjun", "arjun"), ("Rosa", "rosa"),
    ("İpek", "ipek"), ("Daniel", "daniel"), ("Wanjiru", "wanjiru"), ("Elif", "elif"), ("Marcus", "marcus"),
    ("Siobhán", "siobhan"), ("Takumi", "takumi"), ("Camila", "camila"), ("Yusuf", "yusuf"), ("Petra", "petra"),
    ("Andrés", "andres"), ("Lin", "lin"), ("Tariq", "tariq"), ("Freya", "freya"), ("Nikos", "nikos"),
    ("Isabel", "isabel"), ("Emeka", "emeka"), ("Sanna", "sanna"), ("João", "joao"), ("Ayesha", "ayesha"),
    ("Viktor", "viktor"), ("Naledi", "naledi"), ("Oskar", "oskar"), ("Linh", "linh"), ("René", "rene"),
    ("Farah", "farah"), ("Caleb", "caleb"), ("Ana", "ana"), ("Hiroshi", "hiroshi"), ("Maren", "maren"),
    ("Ivan", "ivan"), ("Salma", "salma"), ("Kai", "kai"), ("Josefína", "josefina"), ("Rohan", "rohan"),
];

/// Family names.
pub(super) const FAMILY: [(&str, &str); 80] = [
    ("Okafor", "okafor"), ("García", "garcia"), ("Nguyen", "nguyen"), ("Müller", "mueller"), ("Kowalska", "kowalska"),
    ("Haddad", "haddad"), ("Tanaka", "tanaka"), ("Sharma", "sharma"), ("Dubois", "dubois"), ("Andersson", "andersson"),
    ("Rossi", "rossi"), ("Mensah", "mensah"), ("Silva", "silva"), ("O'Brien", "obrien"), ("Petrović", "petrovic"),
    ("Chen", "chen"), ("Yılmaz", "yilmaz"), ("Novák", "novak"), ("Hansen", "hansen"), ("Adeyemi", "adeyemi"),
    ("Fernández", "fernandez"), ("Kim", "kim"), ("Papadopoulos", "papadopoulos"), ("Larsen", "larsen"), ("Khan", "khan"),
    ("Moreau", "moreau"), ("Ivanova", "ivanova"), ("Mwangi", "mwangi"), ("Castillo", "castillo"), ("Schäfer", "schaefer"),
    ("Patel", "patel"), ("Murphy", "murphy"), ("Rahman", "rahman"), ("Lindqvist", "lindqvist"), ("Sato", "sato"),
    ("Costa", "costa"), ("Bakker", "bakker"), ("Nkosi", "nkosi"), ("Weiss", "weiss"), ("Delgado", "delgado"),
    ("Sørensen", "sorensen"), ("Park", "park"), ("Ali", "ali"), ("Horváth", "horvath"), ("Bianchi", "bianchi"),
    ("Reyes", "reyes"), ("Svoboda", "svoboda"), ("Osei", "osei"), ("Laurent", "laurent"), ("Tran", "tran"),
    ("Virtanen", "virtanen"), ("Gupta", "gupta"), ("Zhang", "zhang"), ("Björk", "bjoerk"), ("Santos", "santos"),
    ("Wright", "wright"), ("Demir", "demir"), ("Popescu", "popescu"), ("Jansen", "jansen"), ("Diallo", "diallo"),
    ("Núñez", "nunez"), ("Fischer", "fischer"), ("Abebe", "abebe"), ("Lemaître", "lemaitre"), ("Yamamoto", "yamamoto"),
    ("Campbell", "campbell"), ("Østergaard", "ostergaard"), ("Mbeki", "mbeki"), ("Vargas", "vargas"), ("Singh", "singh"),
    ("Kovács", "kovacs"), ("Ferreira", "ferreira"), ("Amin", "amin"), ("Bernard", "bernard"), ("Koch", "koch"),
    ("Mazur", "mazur"), ("Hughes", "hughes"), ("Traoré", "traore"), ("Suzuki", "suzuki"), ("Pérez", "perez"),
];
