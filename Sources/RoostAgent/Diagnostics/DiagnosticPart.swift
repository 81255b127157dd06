/// One file of a bundle for diagnosis.
struct DiagnosticPart: Hashable, Sendable {
    /// Its path in the archive.
    var name: String
    /// What it is, for the person who sends the bundle to somebody.
    var about: String
    var text: String

    init(_ name: String, _ about: String, _ text: String) {
        self.name = name
        self.about = about
        self.text = text
    }
}
