import Foundation

extension TextTemplateContext {
    /// What may be called in the settings of a component.
    func functions(for component: ComponentName) -> [String: TextTemplateFunction] {
        var functions = common
        functions["user"] = user
        functions["env"] = .refused(
            "env vars are not allowed here",
            advice: "Give a variable the default {{env `NAME`}}, and use that variable here."
        )
        for name in Self.lookupNames {
            functions[name] = .refused(
                "\(name) is not allowed here",
                advice: "Give a variable this default, and use that variable here."
            )
        }
        functions["build"] = build(component)
        if component.kind == .builder, let cleaning = Self.cleaning(component.type) {
            functions["clean_resource_name"] = TextTemplateFunction(texts: 1) { cleaning($0[0]) }
        }
        return functions
    }

    /// What may be called in the values of variables.
    func functionsOfVariables(
        environment: [String: String],
        lookups: TemplateLookups
    ) -> [String: TextTemplateFunction] {
        var functions = common
        functions["user"] = user
        functions["env"] = TextTemplateFunction(texts: 1) { environment[$0[0]] ?? "" }
        functions["build"] = .refused("A variable has its value before a build runs.")
        return functions.merging(Self.looking(lookups)) { first, _ in first }
    }

    /// Values that other servers keep.
    private static func looking(_ lookups: TemplateLookups) -> [String: TextTemplateFunction] {
        func function(
            _ count: ClosedRange<Int>,
            _ lookup: @escaping @Sendable ([String]) -> TemplateLookup
        ) -> TextTemplateFunction {
            TextTemplateFunction(count) { arguments throws(TextTemplateFault) in
                var texts: [String] = []
                for argument in arguments { texts.append(try argument.asText()) }
                switch lookups.answer(lookup(texts)) {
                case .found(let value): return .init(value: .text(value.text ?? value.json), isSensitive: true)
                case .failed(let reason): throw .call(reason)
                case nil: return .init(value: nil, isSensitive: true)
                }
            }
        }
        return [
            "vault": function(2...2) { .vault(path: $0[0], key: $0[1]) },
            "consul_key": function(1...1) { .consul(key: $0[0]) },
            "aws_secretsmanager": function(1...2) {
                .awsSecret(name: $0[0], key: $0.count > 1 && !$0[1].isEmpty ? $0[1] : nil)
            },
            "aws_secretsmanager_raw": function(1...1) { .awsSecretText(name: $0[0]) },
        ]
    }

    private static let lookupNames = ["consul_key", "vault", "aws_secretsmanager", "aws_secretsmanager_raw"]

    /// What templates have everywhere.
    private var common: [String: TextTemplateFunction] {
        TextTemplateBuiltins.all.merging(texts) { first, _ in first }.merging(moments) { first, _ in first }
            .merging(places) { first, _ in first }
    }

    // MARK: Texts

    private var texts: [String: TextTemplateFunction] {
        [
            "upper": TextTemplateFunction(texts: 1) { $0[0].uppercasedSimply },
            "lower": TextTemplateFunction(texts: 1) { $0[0].lowercasedSimply },
            "split": TextTemplateFunction(3...3) { arguments throws(TextTemplateFault) in
                let (text, separator) = (try arguments[0].asText(), try arguments[1].asText())
                let (place, parts) = (try arguments[2].asWhole(), Self.parts(text, separator))
                guard parts.indices.contains(place) else {
                    throw .call(
                        "Part \(place) is asked for, and \"\(separator)\" splits \"\(text)\" into \(parts.count), which count from 0."
                    )
                }
                return .init(value: .text(parts[place]))
            },
            "replace": TextTemplateFunction(4...4) { arguments throws(TextTemplateFault) in
                let (old, new) = (try arguments[0].asText(), try arguments[1].asText())
                let (count, text) = (try arguments[2].asWhole(), try arguments[3].asText())
                return .init(value: .text(try Self.replacing(old, new, in: text, atMost: count)))
            },
            "replace_all": TextTemplateFunction(texts: 3) { texts throws(TextTemplateFault) in
                try Self.replacing(texts[0], texts[1], in: texts[2], atMost: -1)
            },
            "sed": .refused("sed was removed from Packer", advice: "Use replace or replace_all."),
        ]
    }

    private static func parts(_ text: String, _ separator: String) -> [String] {
        separator.isEmpty ? text.unicodeScalars.map { String($0) } : text.components(separatedBy: separator)
    }

    /// A count below zero is no limit; an empty text is found before each character and at the end.
    private static func replacing(
        _ old: String,
        _ new: String,
        in text: String,
        atMost count: Int
    ) throws(TextTemplateFault) -> String {
        var parts =
            old.isEmpty ? [""] + text.unicodeScalars.map { String($0) } + [""] : text.components(separatedBy: old)
        if old.isEmpty, text.isEmpty { parts = ["", ""] }
        let limit = TextTemplateEvaluator.valueLimit
        guard new.isEmpty || parts.count <= limit / new.utf8.count else {
            throw .call("The text that comes of it is longer than \(limit >> 20) MiB.")
        }
        guard count >= 0, count < parts.count - 1 else { return parts.joined(separator: new) }
        let rest = parts[count...].joined(separator: old)
        return (parts[..<count] + [rest]).joined(separator: new)
    }

    // MARK: Moments

    private var moments: [String: TextTemplateFunction] {
        let now = Timestamp(seconds: Int(now.timeIntervalSince1970.rounded(.down)), nanoseconds: 0, offset: 0)
        return [
            "timestamp": TextTemplateFunction(texts: 0) { _ in String(now.seconds) },
            "isotime": TextTemplateFunction(0...1) { arguments throws(TextTemplateFault) in
                guard let layout = arguments.first else { return .init(value: .text(now.description)) }
                return .init(value: .text(GoTimeLayout.format(now, try layout.asText())))
            },
            "strftime": TextTemplateFunction(texts: 1) { texts throws(TextTemplateFault) in
                do { return try StrftimeFormat.format(now, texts[0]) } catch {
                    throw .call((error as? HCLFunctionFault)?.reason ?? "\(error)")
                }
            },
        ]
    }

    // MARK: Places and names

    private var places: [String: TextTemplateFunction] {
        let (random, isHCL) = (random, variables == nil)
        return [
            "pwd": constant(workingFolder),
            "template_dir": isHCL
                ? .refused("HCL2 has no template_dir", advice: "Write ${path.root}.") : constant(templateFolder),
            "packer_version": constant(PackerEvaluation.languageVersion),
            "uuid": TextTemplateFunction(texts: 0) { _ in HCLFunctions.uuid(random(16), version: 4) },
            "build_name": named(buildName, "build_name"), "build_type": named(buildType, "build_type"),
        ]
    }

    private func constant(_ text: String) -> TextTemplateFunction { TextTemplateFunction(texts: 0) { _ in text } }

    private func named(_ text: String?, _ name: String) -> TextTemplateFunction {
        text.map(constant) ?? .refused("\(name) is not available here: a variable belongs to no build")
    }

    private var user: TextTemplateFunction {
        guard let variables else {
            return .refused("HCL2 has no user variables of text templates", advice: "Write ${var.NAME}.")
        }
        return Self.user(variables)
    }

    /// Puts in variables by their names.
    static func user(_ variables: [String: SettingText]) -> TextTemplateFunction {
        TextTemplateFunction(1...1) { arguments throws(TextTemplateFault) in
            let name = try arguments[0].asText()
            guard let variable = variables[name] else {
                throw TextTemplateFault(
                    "unknown-user-variable",
                    "Undefined variable",
                    "No variable \"\(name)\" is declared under \"variables\".",
                    advice: suggestion(name, among: variables.keys) ?? "Declare it under \"variables\"."
                )
            }
            return .init(
                value: variable.isKnown ? .text(variable.text) : nil,
                isSensitive: variable.isSensitive,
                isTemplate: variable.isTemplate
            )
        }
    }

    private func build(_ component: ComponentName) -> TextTemplateFunction {
        guard variables != nil else {
            return .refused("HCL2 knows the running build by its own names", advice: "Write ${build.ID}.")
        }
        guard component.kind != .builder else {
            return .refused("A builder does not know the build that it makes; provisioners and post-processors do.")
        }
        return .later(1...1)
    }

    // MARK: Names of resources

    /// What a cloud makes of names, for the builders that have such a function.
    private static func cleaning(_ builder: String) -> (@Sendable (String) -> String)? {
        if builder.hasPrefix("azure-") {
            return { text in
                let signs = text.utf8.map { isLetterOrDigit($0) || "._-".utf8.contains($0) ? $0 : UInt8(ascii: "-") }
                let isValid = Array(text.utf8) == signs && !text.isEmpty && text.utf8.count <= 80
                let isKept = isValid && text.utf8.first.map(isLetterOrDigit) == true
                let end = signs.lastIndex { !"._-".utf8.contains($0) }.map { $0 + 1 } ?? 0
                return isKept && end == signs.count ? text : String(decoding: signs[..<end], as: UTF8.self)
            }
        }
        if builder.hasPrefix("amazon-") {
            return { text in
                String(
                    decoding: text.utf8.map {
                        isLetterOrDigit($0) || "()[] ./-'@_".utf8.contains($0) ? $0 : UInt8(ascii: "-")
                    },
                    as: UTF8.self
                )
            }
        }
        guard builder == "googlecompute" else { return nil }
        return { text in
            String(
                decoding: text.lowercased().utf8.map { isLetterOrDigit($0) ? $0 : UInt8(ascii: "-") },
                as: UTF8.self
            )
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
