import RoostLanguage

/// Makes expressions by the grammar, now and then breaking it.
struct ExpressionMaker {
    private static let functions =
        FunctionTable.compileTime.names + ["succeeded", "counter", "always", "nothing", "hashFiles"]
    private static let names = [
        "parameters", "variables", "dependencies", "stageDependencies", "pipeline", "resources", "x", "item", "nothing",
    ]
    private static let members = [
        "a", "list", "map", "flag", "count", "startTime", "Build.SourceBranch", "key", "value", "0", "-1", "outputs",
    ]
    private static let literals = [
        "'text'", "''", "'it''s'", "'a,b,c'", "'{0}{1}'", "'{0:yyyyMMdd}'", "'{{'", "'}'", "true", "False", "0", "-1",
        "1.5", "1.2.3", "1.2.3.4", "99999999999999999999", ".5", "+3", "'😀é'", "'1,234.5'", "' 7 '", "'{99999999999}'",
    ]
    private static let noise = [
        "&&", "==", "!", "(", ")", "[", "]", ",", ".", "*", "'", "\"", "$(x)", "-", "1.2.3.4.5", "a-b", "  ", "\n", "é",
        "#",
    ]

    func expression(_ random: inout SeededRandom, depth: Int = 0) -> String {
        var text = primary(&random, depth: depth)
        if text.first != "'", random.once(in: 2) {
            for _ in 0..<random.below(random.once(in: 30) ? 60 : 4) { text += postfix(&random, depth: depth) }
        }
        if random.once(in: 40) { text += random.pick(Self.noise) }
        return random.once(in: 60) ? String(text.dropLast()) : text
    }

    private func primary(_ random: inout SeededRandom, depth: Int) -> String {
        let limit = random.once(in: 200) ? 60 : 6
        switch random.below(depth >= limit ? 2 : 4) {
        case 0: return random.pick(Self.literals)
        case 1: return random.pick(Self.names)
        default:
            let count = random.once(in: 20) ? random.below(12) : 1 + random.below(3)
            let arguments = (0..<count).map { _ in expression(&random, depth: depth + 1) }
            return "\(random.pick(Self.functions))(\(arguments.joined(separator: random.pick([",", ", ", " , "]))))"
        }
    }

    private func postfix(_ random: inout SeededRandom, depth: Int) -> String {
        switch random.below(5) {
        case 0: ".*"
        case 1: "[*]"
        case 2: "['\(random.pick(Self.members))']"
        case 3: depth < 6 ? "[\(expression(&random, depth: depth + 1))]" : "[0]"
        default: ".\(random.pick(Self.members))"
        }
    }
}
