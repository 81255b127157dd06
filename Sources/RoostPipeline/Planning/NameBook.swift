import RoostLanguage

/// The names of the stages of a run, the jobs of a stage or the steps of a job: unique, ignoring case.
struct NameBook {
    /// What bears the names, such as `stage`.
    let noun: String
    let log: DiagnosticLog
    private var taken: [String: SyntaxPlace?] = [:]
    /// By beginning, the number to try next.
    private var next: [String: Int] = [:]

    init(_ noun: String, _ log: DiagnosticLog) {
        self.noun = noun
        self.log = log
    }

    /// Takes a name the file gives; false when it is not valid or taken, which is reported.
    mutating func claim(_ name: SyntaxScalar) -> Bool {
        guard Self.isValid(name.text) else {
            log.error(
                "pipeline.name",
                "\(noun.prefix(1).uppercased() + noun.dropFirst()) name '\(name.text)' is not valid. Only alphanumerics and '_' "
                    + "are allowed; it must not start with a number.",
                at: name.place,
                advice: Self.advice(name.text)
            )
            return false
        }
        if let known = taken[foldedName(name.text)] {
            var diagnostic = Diagnostic.error(
                "pipeline.duplicate-name",
                "The \(noun) name '\(name.text)' appears more than once. Names are unique, ignoring case.",
                at: name.place.span,
                advice: "Give one of them another name."
            )
            if let known { diagnostic.notes = [Diagnostic.Note("used first here", at: known.span)] }
            log.add(diagnostic, site: name.place.site)
            return false
        }
        taken[foldedName(name.text)] = name.place
        return true
    }

    /// Makes up a name from a beginning: with a number behind it, or without one when allowed and free.
    mutating func generate(_ base: String, from number: Int?) -> String {
        if number == nil, taken[foldedName(base)] == nil {
            taken[foldedName(base)] = .some(nil)
            return base
        }
        var number = max(number ?? 1, next[base] ?? 1)
        while taken[foldedName("\(base)\(number)")] != nil { number += 1 }
        taken[foldedName("\(base)\(number)")] = .some(nil)
        next[base] = number + 1
        return "\(base)\(number)"
    }

    /// A letter or `_`, then letters, digits and `_`, at most 100.
    static func isValid(_ name: String) -> Bool {
        guard name.utf8.count <= 100, let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
    }

    /// The nearest valid name.
    private static func advice(_ name: String) -> String? {
        if name.contains("$(") || name.contains("$[") {
            return
                "Names are fixed before the run begins; use ${{ parameters.name }}, or put the macro into displayName."
        }
        var valid = String(name.prefix(100).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        if valid.first?.isNumber == true { valid = "_" + valid }
        return isValid(valid) ? "Write '\(valid)', and what people shall read under displayName." : nil
    }
}
