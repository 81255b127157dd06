import RoostLanguage
import RoostModel

/// What keeps a job from being made, found when its turn comes.
struct ProgressFault: Error, Hashable {
    let issue: Issue

    /// A fault with a stable code, one sentence, and the place (`file:line:column`) of the text that is to blame.
    init(_ code: String, _ message: String, place: String = "", advice: String? = nil) {
        var data = ["code": code]
        var fields = place.split(separator: ":", omittingEmptySubsequences: false)
        if fields.count >= 3, let column = Int(fields.removeLast()), let line = Int(fields.removeLast()) {
            data["sourcepath"] = fields.joined(separator: ":")
            data["linenumber"] = String(line)
            data["columnnumber"] = String(column)
        }
        let text = place.isEmpty ? message : "\(place): \(message)"
        issue = Issue(.error, advice.map { "\(text) \($0)" } ?? text, data: data)
    }

    init(_ diagnostic: Diagnostic, place: String) {
        self.init(diagnostic.code, diagnostic.summary, place: place, advice: diagnostic.advice)
    }
}
