public import RoostLanguage

/// Why something has no value.
public struct HCLFailure: Error, Sendable {
    public let diagnostics: [Diagnostic]
}
