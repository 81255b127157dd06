import RoostLanguage
public import RoostModel

/// A run number that cannot be used, and the format it was made from.
public struct InvalidRunNumber: UserFacingError, Hashable {
    /// What is wrong with a number.
    public enum Problem: Hashable, Sendable {
        case empty
        case tooLong
        case forbiddenCharacter(Character)
        case endsWithDot
    }

    public let problem: Problem
    public let number: String
    public let format: PlannedText

    init(_ problem: Problem, _ number: String, _ format: PlannedText) {
        self.problem = problem
        self.number = number
        self.format = format
    }

    public var code: String {
        switch problem {
        case .empty: "run-number.empty"
        case .tooLong: "run-number.too-long"
        case .forbiddenCharacter: "run-number.forbidden-character"
        case .endsWithDot: "run-number.ends-with-dot"
        }
    }

    public var summary: String {
        "The build number format string '\(format.text)' generated \(what)"
    }

    private var what: String {
        switch problem {
        case .empty: "an empty build number."
        case .tooLong:
            "a build number '\(number.prefix(40))…' which is too long: it has \(number.count) characters. The maximum length of a build number is \(Problem.lengthLimit) characters."
        case .forbiddenCharacter(let character):
            "a build number '\(number)' which contains the invalid character \(character.shown). Characters which are not allowed include \(Problem.forbiddenList)."
        case .endsWithDot: "a build number '\(number)' which ends with '.'."
        }
    }

    public var location: String? { format.place.isEmpty ? nil : format.place }

    public var advice: String? { "Change the 'name' of the pipeline." }

    /// What a run says whose name it was meant to be; the run is called by its id, which is named.
    public func issue(named id: String) -> Issue {
        let text = "\(summary) The run is called \(id) instead. Change the 'name' of the pipeline."
        return Issue(.error, location.map { "\($0): \(text)" } ?? text, data: ["code": code])
    }
}

extension InvalidRunNumber.Problem {
    static let lengthLimit = 255
    private static let forbidden = "\"/:<>\\|?@*"

    /// The first thing that is wrong with a number; nil when it may be used.
    init?(of number: String) {
        if number.isEmpty {
            self = .empty
        } else if number.count > Self.lengthLimit {
            self = .tooLong
        } else if let character = number.first(where: Self.isForbidden) {
            self = .forbiddenCharacter(character)
        } else if number.hasSuffix(".") {
            self = .endsWithDot
        } else {
            return nil
        }
    }

    private static func isForbidden(_ character: Character) -> Bool {
        forbidden.contains(character) || character.unicodeScalars.contains { $0.value < 0x20 }
    }

    static var forbiddenList: String {
        let quoted = forbidden.map { "'\($0)'" }
        return quoted.dropLast().joined(separator: ", ") + ", and " + (quoted.last ?? "")
    }
}

extension Character {
    /// In quotes, or its code when it cannot be seen.
    fileprivate var shown: String {
        guard let scalar = unicodeScalars.first, scalar.value < 0x20 else { return "'\(self)'" }
        return "U+" + String(repeating: "0", count: scalar.value < 0x10 ? 3 : 2)
            + String(scalar.value, radix: 16, uppercase: true)
    }
}
