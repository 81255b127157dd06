import ArgumentParser
import RoostClient
import RoostModel

/// Says an error once, for a person, and ends with its code.
func fail(_ error: any Error) -> any Error {
    if error is ExitCode || error is CleanExit || error is ValidationError { return error }
    let terminal = Terminal.standardError
    guard let known = error as? any UserFacingError else {
        Terminal.printError("\(terminal.styled("error:", .red, .bold)) \(error)")
        return RoostExit.failed.code
    }
    for line in FailureText(known).lines(terminal) { Terminal.printError(line) }
    return RoostExit(errorCode: known.code).code
}

/// An error as lines for a person.
struct FailureText {
    private let place: String?
    private let summary: String
    private let advice: String?
    /// Each line already names its place and its kind.
    private let isListing: Bool

    init(_ error: any UserFacingError) {
        let place = Self.place(of: error)
        // A server puts place and advice into its message too, for clients that show nothing else.
        var summary = Substring(error.summary)
        if let location = error.location, summary.hasPrefix("\(location): ") {
            summary = summary.dropFirst(location.count + 2)
        }
        if let advice = error.advice, summary.hasSuffix(" \(advice)") { summary = summary.dropLast(advice.count + 1) }
        self.place = place
        self.summary = String(summary)
        advice = error.advice
        isListing = error.code == "pipeline.invalid"
    }

    func lines(_ terminal: Terminal) -> [String] {
        let title = terminal.styled("error:", .red, .bold)
        let head = isListing ? summary : "\(place.map { "\($0): " } ?? "")\(title) \(summary)"
        return [head] + (advice.map { ["  \($0)"] } ?? [])
    }

    /// The address of a refused request says nothing to a person; that of a server that does not answer does.
    private static func place(of error: any UserFacingError) -> String? {
        if let client = error as? ClientError, case .refused(let refusal) = client { return refusal.location }
        return error.location
    }
}
