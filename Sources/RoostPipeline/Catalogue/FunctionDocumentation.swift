import RoostLanguage

/// What a function of expressions takes and gives.
public struct FunctionDocumentation: Hashable, Sendable {
    /// Where a function may be called.
    public enum Use: Hashable, Sendable {
        /// In `${{ }}`, `$[ ]` and conditions.
        case everywhere
        /// In `${{ }}` only.
        case compileTime
        /// In conditions only.
        case conditions
        /// In `$[ ]` values of variables only.
        case variables
    }

    public let name: String
    /// Such as `eq(a, b)`.
    public let signature: String
    public let use: Use
    /// One sentence or two.
    public let documentation: String

    /// Names of the parameters in the signature.
    public var parameters: [String] {
        guard let open = signature.firstIndex(of: "("), let close = signature.lastIndex(of: ")") else { return [] }
        return signature[signature.index(after: open)..<close].split(separator: ",").map { String($0).trimmingBlanks() }
    }

    /// All functions of the language.
    public static let all: [FunctionDocumentation] = table.split(separator: "\n").compactMap(read)

    /// The function with a name in any letter case.
    public static func named(_ name: String) -> FunctionDocumentation? {
        all.first { equalIgnoringCase($0.name, name) }
    }

    private static func read(_ line: Substring) -> FunctionDocumentation? {
        let parts = line.split(separator: "|", maxSplits: 2).map { String($0).trimmingBlanks() }
        guard parts.count == 3, let open = parts[0].firstIndex(of: "(") else { return nil }
        let use: Use =
            switch parts[1] {
            case "compile": .compileTime
            case "condition": .conditions
            case "variable": .variables
            default: .everywhere
            }
        return FunctionDocumentation(
            name: String(parts[0][..<open]),
            signature: parts[0],
            use: use,
            documentation: parts[2]
        )
    }

    private static let table = """
        and(a, b, ...) | all | True when all are true; it stops at the first that is not.
        or(a, b, ...) | all | True when one is true; it stops at the first that is.
        not(a) | all | True when the parameter is not.
        xor(a, b) | all | True when exactly one of the two is.
        eq(a, b) | all | True when both are equal. The right one is converted to the kind of the left; letter case does not count.
        ne(a, b) | all | True when both differ. The right one is converted to the kind of the left; letter case does not count.
        gt(a, b) | all | True when the left is greater. The right one is converted to the kind of the left, or it is an error.
        ge(a, b) | all | True when the left is greater or equal. The right one is converted to the kind of the left, or it is an error.
        lt(a, b) | all | True when the left is less. The right one is converted to the kind of the left, or it is an error.
        le(a, b) | all | True when the left is less or equal. The right one is converted to the kind of the left, or it is an error.
        in(a, b, ...) | all | True when the first equals one of the others.
        notIn(a, b, ...) | all | True when the first equals none of the others.
        contains(text, part) | all | True when the text holds the part; letter case does not count.
        startsWith(text, part) | all | True when the text begins with the part; letter case does not count.
        endsWith(text, part) | all | True when the text ends with the part; letter case does not count.
        containsValue(collection, value) | all | True when an item of the list or a value of the object equals the value.
        coalesce(a, b, ...) | all | The first that is neither null nor empty.
        format(pattern, a, ...) | all | The pattern with {0}, {1} … replaced by the others; {{ and }} stand for brackets.
        join(separator, list) | all | The items of the list as one text, with the separator between them.
        split(text, separator) | all | The text as a list, cut at each separator.
        replace(text, part, other) | all | The text with every occurrence of the part replaced.
        length(value) | all | How many characters, items or keys it has.
        lower(text) | all | The text in lower case.
        upper(text) | all | The text in upper case.
        trim(text) | all | The text without blanks at both ends.
        substring(text, start, length) | all | A piece of the text, from a place that counts from 0.
        iif(condition, a, b) | all | The second when the condition is true, else the third; both are evaluated.
        convertToJson(value) | compile | The value as JSON over several lines.
        counter(prefix, seed) | variable | A number of its own for each prefix that grows by one with each run, from the seed.
        always() | condition | True, also when the run is canceled.
        canceled() | condition | True when the run is canceled.
        succeeded(name, ...) | condition | True when all that was waited for succeeded, or those named did.
        failed(name, ...) | condition | True when something that was waited for failed, or one of those named did.
        succeededOrFailed(name, ...) | condition | True unless the run is canceled, whatever failed before.
        """
}
