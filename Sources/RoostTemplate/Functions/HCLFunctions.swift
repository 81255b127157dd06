/// The functions that image templates may call.
public enum HCLFunctions {
    /// Those that depend on nothing but their arguments.
    public static let pure: [String: HCLFunction] = [
        numeric, text, patterns, formatting, collections, sets, encodings, dates, hashes, networks, flow,
    ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    static let flow: [String: HCLFunction] = [
        "try": HCLFunction([], form: .firstThatWorks),
        "can": HCLFunction([], form: .works),
        "convert": HCLFunction([], form: .convert),
    ]
}

/// Arguments as functions take them apart; types were checked before.
extension HCLValue {
    var textOrEmpty: String { text ?? "" }
    var numeralOrZero: HCLNumber { numeral ?? .zero }
    var truthOrFalse: Bool { truth ?? false }

    /// A whole number that fits.
    func whole(_ argument: Int) throws -> Int {
        guard let number = numeralOrZero.int else {
            throw HCLFunctionFault(
                numeralOrZero.isWhole ? "value is too large" : "a whole number is required",
                argument: argument
            )
        }
        return number
    }
}
