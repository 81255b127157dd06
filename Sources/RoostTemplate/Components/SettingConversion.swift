import RoostLanguage

/// Converts values to what options take.
///
/// JSON templates are read as leniently as Packer reads them: texts become numbers, truths and lists, and one value becomes a list of
/// one. In the other languages only those kinds of value become each other that HCL converts.
struct SettingConversion {
    /// What is wrong with a value, told as the rest of a sentence that begins with its name.
    struct Fault {
        var severity: Diagnostic.Severity = .error
        var code: String
        /// What follows the option's name, such as `[2]`.
        var part: String
        var text: String
        var range: HCLRange?
        var advice: String?
    }

    let language: ImagePlan.Language
    /// Whether values must not be told.
    let isSecret: Bool
    private(set) var faults: [Fault] = []
    private var part = ""

    init(language: ImagePlan.Language, isSecret: Bool) {
        self.language = language
        self.isSecret = isSecret
    }

    private var isLenient: Bool { language == .packerJSON }

    /// The value as the kind wants it, or as it is when it cannot become one.
    mutating func converted(_ value: SettingValue, to kind: ComponentOption.Kind) -> SettingValue {
        switch value.form {
        case .null, .template, .later: return value
        default: break
        }
        switch kind {
        case .text: return text(value)
        case .choice(let values, let ignoringCase): return choice(value, values, ignoringCase)
        case .pattern(let pattern): return matching(value, pattern)
        case .duration: return duration(value)
        case .number: return number(value, nil)
        case .whole(let bounds): return number(value, bounds)
        case .truth: return truth(value)
        case .list(let kind): return list(value, kind)
        case .map(let kind): return map(value, kind)
        case .block(_, let isRepeated): return block(value, isRepeated)
        case .anything: return value
        }
    }

    // MARK: Texts

    private mutating func text(_ value: SettingValue) -> SettingValue {
        switch value.form {
        case .text: return value
        case .number(let number): return value.with(.text(number.description))
        case .truth(let truth) where isLenient:
            warn(
                value,
                "is \(truth) where a text is wanted, and becomes \"\(truth ? 1 : 0)\"",
                advice: "Write \"\(truth)\" or \"\(truth ? 1 : 0)\", whichever is meant."
            )
            return value.with(.text(truth ? "1" : "0"))
        case .truth(let truth): return value.with(.text(truth ? "true" : "false"))
        default: return mismatch(value, "a text")
        }
    }

    private mutating func choice(_ value: SettingValue, _ values: [String], _ ignoringCase: Bool) -> SettingValue {
        let value = text(value)
        guard case .text(let text) = value.form, !text.isEmpty, !values.contains(text) else { return value }
        if ignoringCase, let same = values.first(where: { $0.lowercased() == text.lowercased() }) {
            return value.with(.text(same))
        }
        refuse(
            value,
            "has to be \(values.alternatives)\(told(value))",
            advice: suggestion(text, among: values)
        )
        return value
    }

    private mutating func matching(_ value: SettingValue, _ pattern: String) -> SettingValue {
        let value = text(value)
        guard case .text(let text) = value.form, !text.isEmpty, let compiled = try? Pattern("^(?:\(pattern))$"),
            compiled.firstMatch(in: Array(text.unicodeScalars), from: 0) == nil
        else { return value }
        refuse(value, "has to match the pattern \(pattern)\(told(value))")
        return value
    }

    private mutating func duration(_ value: SettingValue) -> SettingValue {
        if isLenient, case .number(let number) = value.form, let count = number.int {
            warn(value, "is \(count) nanoseconds", advice: "Write a unit, such as \"\(count)s\" for seconds.")
            return value.with(.text("\(count)ns"))
        }
        let value = text(value)
        guard case .text(let text) = value.form, GoDuration(text) == nil else { return value }
        let advice =
            Int(text) == nil
            ? "Write a number and a unit, such as \"90s\", \"5m\" or \"1h30m\"."
            : "Write the unit, too, such as \"\(text)s\" for seconds."
        refuse(value, "has to be a duration\(told(value))", advice: advice)
        return value
    }

    // MARK: Numbers and truths

    private mutating func number(_ value: SettingValue, _ bounds: ClosedRange<Int>?) -> SettingValue {
        let kind = bounds == nil ? "a number" : "a whole number"
        guard let number = number(value.form) else {
            // Of an empty text no number is made, neither is it an error in JSON.
            if isLenient, value.text == "" { return value.with(.null) }
            return mismatch(value, kind)
        }
        if let bounds {
            guard let whole = number.int else { return mismatch(value, kind) }
            if !bounds.contains(whole) { refuse(value, "has to be \(bounds.words)\(told(value))") }
        }
        return value.with(.number(number))
    }

    private func number(_ form: SettingValue.Form) -> HCLNumber? {
        switch form {
        case .number(let number): return number
        case .text(let text): return HCLNumber(text) ?? (isLenient ? Self.prefixed(text) : nil)
        case .truth(let truth): return isLenient ? HCLNumber(truth ? 1 : 0) : nil
        default: return nil
        }
    }

    /// Whole numbers such as `0x1F`, as JSON templates may give them in texts.
    private static func prefixed(_ text: String) -> HCLNumber? {
        let radixes = ["0x": 16, "0o": 8, "0b": 2]
        guard let radix = radixes[text.prefix(2).lowercased()] else { return nil }
        return Int(text.dropFirst(2), radix: radix).map { HCLNumber($0) }
    }

    private static let truths: [String: Bool] = [
        "1": true, "t": true, "T": true, "TRUE": true, "true": true, "True": true,
        "0": false, "f": false, "F": false, "FALSE": false, "false": false, "False": false, "": false,
    ]

    private mutating func truth(_ value: SettingValue) -> SettingValue {
        switch value.form {
        case .truth: return value
        case .text(let text):
            let strict = ["true": true, "1": true, "false": false, "0": false]
            guard let truth = isLenient ? Self.truths[text] : strict[text] else { break }
            return value.with(.truth(truth))
        case .number(let number) where isLenient: return value.with(.truth(!number.isZero))
        default: break
        }
        return mismatch(value, "true or false")
    }

    // MARK: Collections

    private mutating func list(_ value: SettingValue, _ kind: ComponentOption.Kind) -> SettingValue {
        switch value.form {
        case .list(let elements): return value.with(.list(converted(elements, kind)))
        case .text(let text) where isLenient:
            // As Packer does it: a text is a list of what commas separate.
            let parts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
            return value.with(.list(converted(parts.map { value.with(.text(String($0))) }, kind)))
        case .number where isLenient, .truth where isLenient:
            return value.with(.list([converted(value, to: kind)]))
        case .text: return mismatch(value, "a list", advice: "Put it into brackets: [\"…\"].")
        default: return mismatch(value, "a list")
        }
    }

    private mutating func converted(_ elements: [SettingValue], _ kind: ComponentOption.Kind) -> [SettingValue] {
        let outer = part
        defer { part = outer }
        var result: [SettingValue] = []
        for (place, element) in elements.enumerated() {
            part = "\(outer)[\(place)]"
            result.append(converted(element, to: kind))
        }
        return result
    }

    private mutating func map(_ value: SettingValue, _ kind: ComponentOption.Kind) -> SettingValue {
        var settings: ImageSettings
        switch value.form {
        case .object(let object): settings = object
        case .list(let elements) where isLenient && elements.allSatisfy { $0.settings != nil }:
            settings = elements.compactMap(\.settings).reduce(ImageSettings()) { $0.overridden(by: $1) }
        default: return mismatch(value, "a map")
        }
        let outer = part
        defer { part = outer }
        for place in settings.entries.indices {
            part = "\(outer)[\"\(settings.entries[place].name)\"]"
            settings.entries[place].value = converted(settings.entries[place].value, to: kind)
        }
        return value.with(.object(settings))
    }

    private mutating func block(_ value: SettingValue, _ isRepeated: Bool) -> SettingValue {
        switch value.form {
        case .object: return isRepeated ? value.with(.list([value])) : value
        case .list(let elements) where isRepeated:
            let isWhole = elements.allSatisfy { $0.settings != nil || $0.isNull }
            return isWhole ? value.with(.list(elements.filter { !$0.isNull })) : mismatch(value, "a list of objects")
        default: return mismatch(value, isRepeated ? "a list of objects" : "an object")
        }
    }

    // MARK: Faults

    private mutating func mismatch(_ value: SettingValue, _ wanted: String, advice: String? = nil) -> SettingValue {
        refuse(value, "has to be \(wanted), not \(kindName(value))", code: "component.wrong-type", advice: advice)
        return value
    }

    private mutating func refuse(
        _ value: SettingValue,
        _ text: String,
        code: String = "component.not-allowed",
        advice: String? = nil
    ) {
        faults.append(Fault(code: code, part: part, text: text, range: value.range, advice: advice))
    }

    private mutating func warn(_ value: SettingValue, _ text: String, advice: String) {
        faults.append(
            Fault(
                severity: .warning,
                code: "component.conversion",
                part: part,
                text: text,
                range: value.range,
                advice: advice
            )
        )
    }

    /// `, not "value"`, unless the value is a secret.
    private func told(_ value: SettingValue) -> String {
        guard !isSecret, !value.isSensitive else { return "" }
        switch value.form {
        case .text(let text): return ", not \"\(text.shortened)\""
        case .number(let number): return ", not \(number)"
        default: return ""
        }
    }

    private func kindName(_ value: SettingValue) -> String {
        switch value.form {
        case .null: "null"
        case .text, .template:
            "a text" + (isSecret || value.isSensitive ? "" : value.text.map { " (\"\($0.shortened)\")" } ?? "")
        case .number: "a number"
        case .truth: "true or false"
        case .list: "a list"
        case .object: "an object"
        case .later: "what is computed later"
        }
    }
}

extension SettingValue {
    /// Another value in its place.
    fileprivate func with(_ form: Form) -> SettingValue {
        SettingValue(form, range: range, isSensitive: isSensitive)
    }
}

extension String {
    /// Its beginning, when it is long.
    fileprivate var shortened: String { count > 60 ? prefix(57) + "…" : self }
}

extension ClosedRange<Int> {
    /// `at least 1`, or `from 0 to 65535`.
    fileprivate var words: String {
        if upperBound == Int.max { return lowerBound == 0 ? "zero or more" : "at least \(lowerBound)" }
        return "from \(lowerBound) to \(upperBound)"
    }
}
