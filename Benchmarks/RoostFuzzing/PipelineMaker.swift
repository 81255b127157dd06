/// Makes a root file and templates that include each other, with parameters, branches and loops, by the schema and a little beside it.
struct PipelineMaker {
    private indirect enum Tree {
        case text(String)
        case list([Tree])
        case mapping([(String, Tree)])
    }

    private let expressions = ExpressionMaker()
    private static let templates = [
        "steps.yml", "jobs.yml", "stages.yml", "variables.yml", "more/steps.yml", "root.yml",
    ]

    func files(_ random: inout SeededRandom) -> [(path: String, bytes: [UInt8])] {
        let files: [(String, Tree)] = [
            ("azure-pipelines.yml", root(&random)),
            ("steps.yml", template("steps", list(step, &random), &random)),
            ("jobs.yml", template("jobs", list(job, &random), &random)),
            ("stages.yml", template("stages", list(stage, &random), &random)),
            ("variables.yml", template("variables", variables(&random), &random)),
            ("more/steps.yml", template("steps", list(step, &random), &random)),
            ("root.yml", root(&random)),
        ]
        return files.map { path, tree in
            var text = ""
            write(tree, indentation: 0, to: &text)
            return (path, Array(text.utf8))
        }
    }

    // MARK: Shapes

    private func root(_ random: inout SeededRandom) -> Tree {
        var pairs: [(String, Tree)] = []
        if random.once(in: 2) { pairs.append(("parameters", parameters(&random))) }
        if random.once(in: 3) { pairs.append(("trigger", .text(random.pick(["none", "main", "${{ x }}"])))) }
        if random.once(in: 2) { pairs.append(("variables", variables(&random))) }
        if random.once(in: 3) { pairs.append(("pool", .mapping([("vmImage", value(&random))]))) }
        if random.once(in: 5) { pairs.append(("name", value(&random))) }
        switch random.below(5) {
        case 0: pairs.append(("stages", list(stage, &random)))
        case 1: pairs.append(("jobs", list(job, &random)))
        case 2: pairs.append(("extends", reference(&random)))
        default: pairs.append(("steps", list(step, &random)))
        }
        return .mapping(pairs)
    }

    private func template(_ key: String, _ body: Tree, _ random: inout SeededRandom) -> Tree {
        .mapping((random.once(in: 3) ? [] : [("parameters", parameters(&random))]) + [(key, body)])
    }

    private func parameters(_ random: inout SeededRandom) -> Tree {
        let names = ["a", "list", "map", "flag", "count"]
        if random.once(in: 4) { return .mapping(names.map { ($0, value(&random)) }) }
        let types = [
            "string", "number", "boolean", "object", "step", "stepList", "job", "jobList", "stageList", "stringList",
        ]
        let forms = ["string", random.once(in: 3) ? "stepList" : "object", "object", "boolean", "number"]
        return .list(
            zip(names, forms).map { name, form in
                let type = random.once(in: 6) ? random.pick(types) : form
                var pairs = [("name", Tree.text(name)), ("type", .text(type))]
                if !random.once(in: 5) { pairs.append(("default", standard(type, &random))) }
                return .mapping(pairs)
            }
        )
    }

    private func standard(_ type: String, _ random: inout SeededRandom) -> Tree {
        switch type {
        case "boolean": .text(random.pick(["true", "false", "yes"]))
        case "number": .text(random.pick(["1", "0", "3.50", "x"]))
        case "object": data(&random, depth: 0)
        case "step": step(&random, 2)
        case "stepList": list(step, &random)
        case "jobList": list(job, &random)
        default: type.hasSuffix("List") ? .list([]) : value(&random)
        }
    }

    private func data(_ random: inout SeededRandom, depth: Int) -> Tree {
        switch random.below(depth > 3 ? 1 : 3) {
        case 0: value(&random)
        case 1: .list((0..<random.below(5)).map { _ in data(&random, depth: depth + 1) })
        default: .mapping(["a", "b", "list"].prefix(random.below(4)).map { ($0, data(&random, depth: depth + 1)) })
        }
    }

    private func variables(_ random: inout SeededRandom) -> Tree {
        if random.once(in: 2) {
            return .mapping(
                ["a", "b", "c"].map { ($0, value(&random)) } + branch(&random) { .mapping([("d", value(&$0))]) }
            )
        }
        return .list(
            (0..<1 + random.below(4)).map { _ in
                random.once(in: 5) ? reference(&random) : .mapping([("name", .text("v")), ("value", value(&random))])
            }
        )
    }

    private func stage(_ random: inout SeededRandom, _ depth: Int) -> Tree {
        var pairs: [(String, Tree)] = [("stage", .text("S\(random.below(4))"))]
        if random.once(in: 3) { pairs.append(("dependsOn", value(&random))) }
        if random.once(in: 3) { pairs.append(("condition", .text(expressions.expression(&random)))) }
        if random.once(in: 3) { pairs.append(("variables", variables(&random))) }
        pairs.append(("jobs", list(job, &random, depth)))
        return .mapping(pairs)
    }

    private func job(_ random: inout SeededRandom, _ depth: Int) -> Tree {
        let name = Tree.text("J\(random.below(5))")
        if random.once(in: 8) {
            let deploy = Tree.mapping([("deploy", .mapping([("steps", list(step, &random, depth))]))])
            return .mapping([
                ("deployment", name), ("environment", value(&random)), ("strategy", .mapping([("runOnce", deploy)])),
            ])
        }
        var pairs: [(String, Tree)] = [("job", name)]
        if random.once(in: 3) { pairs.append(("condition", .text(expressions.expression(&random)))) }
        if random.once(in: 3) { pairs.append(("variables", variables(&random))) }
        if random.once(in: 4) { pairs.append(("strategy", .mapping([("matrix", data(&random, depth: 1))]))) }
        pairs.append(("steps", list(step, &random, depth)))
        return .mapping(pairs)
    }

    private func step(_ random: inout SeededRandom, _ depth: Int) -> Tree {
        let kind = random.pick(["script", "bash", "task", "checkout", "publish", "pwsh"])
        var pairs = [(kind, kind == "task" ? Tree.text("Bash@3") : value(&random))]
        if random.once(in: 2) { pairs.append(("displayName", value(&random))) }
        if random.once(in: 4) { pairs.append(("env", data(&random, depth: 2))) }
        if random.once(in: 4) { pairs.append(("condition", .text(expressions.expression(&random)))) }
        return .mapping(pairs + branch(&random) { .mapping([("name", value(&$0))]) })
    }

    // MARK: Expansion

    /// A list of one shape, with references, branches and loops among its items.
    private func list(
        _ item: (inout SeededRandom, Int) -> Tree,
        _ random: inout SeededRandom,
        _ depth: Int = 0
    ) -> Tree {
        let count = depth > 3 ? 1 : 1 + random.below(4)
        return .list(
            (0..<count).map { _ in
                switch random.below(depth > 3 ? 4 : 10) {
                case 0: return reference(&random)
                case 4, 5: return .mapping([(directive(&random), list(item, &random, depth + 1))])
                case 6: return .text("${{ parameters.list }}")
                default: return item(&random, depth + 1)
                }
            }
        )
    }

    private func branch(_ random: inout SeededRandom, _ body: (inout SeededRandom) -> Tree) -> [(String, Tree)] {
        random.once(in: 4) ? [(directive(&random), body(&random))] : []
    }

    private func directive(_ random: inout SeededRandom) -> String {
        switch random.below(6) {
        case 0: "${{ else }}"
        case 1:
            "${{ each \(random.pick(["x", "item"])) in \(random.pick(["parameters.list", "parameters.map", "x", "split('a,b', ',')"])) }}"
        case 2: "${{ insert }}"
        case 3: "${{ elseif \(expressions.expression(&random, depth: 4)) }}"
        default: "${{ if \(expressions.expression(&random, depth: 4)) }}"
        }
    }

    private func reference(_ random: inout SeededRandom) -> Tree {
        let path = random.once(in: 12) ? "${{ parameters.a }}" : random.pick(Self.templates)
        var pairs = [
            ("template", Tree.text(random.pick(["", "", "/", "./"]) + path + random.pick(["", "", "", "@self"])))
        ]
        if !random.once(in: 3) {
            let names = ["a", "list", "map", "flag", "count", "other"].prefix(1 + random.below(6))
            pairs.append(("parameters", .mapping(names.map { ($0, data(&random, depth: 1)) })))
        }
        return .mapping(pairs)
    }

    private func value(_ random: inout SeededRandom) -> Tree {
        switch random.below(8) {
        case 0: .text("${{ \(expressions.expression(&random, depth: 3)) }}")
        case 1: .text("before ${{ \(expressions.expression(&random, depth: 4)) }} after")
        case 2: .text("$[ \(expressions.expression(&random, depth: 3)) ]")
        case 3:
            .text(random.pick(["", "$(a)", "line\nline", " x ", "a: b", "- a", "#", "'", "null", "0x1F", "1.10", "~"]))
        default: .text("text\(random.below(100))")
        }
    }

    // MARK: Text

    private func write(_ tree: Tree, indentation: Int, to text: inout String) {
        let blanks = String(repeating: " ", count: indentation)
        switch tree {
        case .text(let value): text += "\(blanks)\(Self.quoted(value))\n"
        case .list(let items):
            if items.isEmpty { text += "\(blanks)[]\n" }
            for item in items {
                text += "\(blanks)-\n"
                write(item, indentation: indentation + 2, to: &text)
            }
        case .mapping(let pairs):
            if pairs.isEmpty { text += "\(blanks){}\n" }
            for (key, value) in pairs {
                text += "\(blanks)\(Self.quoted(key)):"
                if case .text(let value) = value {
                    text += " \(Self.quoted(value))\n"
                } else {
                    text += "\n"
                    write(value, indentation: indentation + 2, to: &text)
                }
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E
        }
        if isPlain, !text.isEmpty { return text }
        let escaped = text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
            .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
            .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
        return "\"\(escaped)\""
    }
}
