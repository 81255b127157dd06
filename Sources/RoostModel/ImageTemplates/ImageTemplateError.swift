/// What is refused of templates of images.
public enum ImageTemplateError: UserFacingError, Hashable {
    case notFound(String, near: String?)
    case nameInvalid(String)
    case exists(String)
    /// Files that cannot be kept, and why.
    case files(String, problem: String)
    case notTemplate(String, file: String)
    /// Properties that never change.
    case fixed(String, [String])
    case running(String, run: RunID)
    case notRunning(String)
    case outputNotFound(String, output: String)
    case triggerNotFound(String, trigger: String)
    case triggerTaken(String, by: String)
    /// What keeps a trigger from working.
    case triggerUseless(String)
    case notKept(String, reason: String)
    case limitReached(Int)
    /// A job wants something of a gallery that its template does not name.
    case jobReach(String)

    public var code: String {
        switch self {
        case .notFound: "image-template.not-found"
        case .nameInvalid: "image-template.name-invalid"
        case .exists: "image-template.exists"
        case .files: "image-template.files"
        case .notTemplate: "image-template.not-template"
        case .fixed: "image-template.fixed"
        case .running: "image-template.running"
        case .notRunning: "image-template.not-running"
        case .outputNotFound: "image-template.output-not-found"
        case .triggerNotFound: "image-template.trigger-not-found"
        case .triggerTaken: "image-template.trigger-taken"
        case .triggerUseless: "image-template.trigger-useless"
        case .notKept: "image-template.not-kept"
        case .limitReached: "image-template.limit"
        case .jobReach: "image-template.job-reach"
        }
    }

    public var summary: String {
        switch self {
        case .notFound(let name, _): "There is no image template '\(name)'."
        case .nameInvalid(let name): "The name '\(name)' cannot be that of an image template."
        case .exists(let name): "There is an image template '\(name)' already."
        case .files(let name, let problem): "The files of the image template '\(name)' are refused: \(problem)."
        case .notTemplate(let name, let file):
            "'\(file)' of the image template '\(name)' is no JSON with 'properties' or 'resources'."
        case .fixed(let name, let properties):
            "The image template '\(name)' cannot change in \(properties.map { "'\($0)'" }.joined(separator: ", "))."
        case .running(let name, let run): "The image template '\(name)' is being built by run \(run)."
        case .notRunning(let name): "The image template '\(name)' is not being built."
        case .outputNotFound(let name, let output): "The image template '\(name)' has no output '\(output)'."
        case .triggerNotFound(let name, let trigger): "The image template '\(name)' has no trigger '\(trigger)'."
        case .triggerTaken(let name, let other): "The image template '\(name)' has the trigger '\(other)' already."
        case .triggerUseless(let name):
            "A trigger of the image template '\(name)' would never build it: its source is no version of a gallery that moves on."
        case .notKept(let name, let reason): "The files of the image template '\(name)' cannot be kept: \(reason)."
        case .limitReached(let limit): "There are \(limit) image templates already, the most there may be."
        case .jobReach(let thing):
            "The token of this job does not reach \(thing): no image template that it builds names it."
        }
    }

    public var advice: String? {
        switch self {
        case .notFound(_, let near):
            near.map { "Did you mean '\($0)'?" } ?? "List them with 'roost image-template list'."
        case .nameInvalid: "Use letters, digits, '-', '_' and '.', at most 64, and begin with a letter or digit."
        case .exists(let name): "Change it with 'roost image-template update \(name)', or give another name."
        case .files: nil
        case .notTemplate: "Give plain JSON, without comments."
        case .fixed(let name, _):
            "Delete it and make it again, 'roost image-template delete \(name)'; tags, identity, distribute and vmProfile may change."
        case .running(let name, _): "Wait for it, or 'roost image-template cancel \(name)'."
        case .notRunning(let name): "'roost image-template status \(name)' shows what became of the last build."
        case .outputNotFound(let name, _): "'roost image-template outputs \(name)' shows them."
        case .triggerNotFound: "There is one at most; 'roost image-template show' names it."
        case .triggerTaken: "Delete it first; a template has one trigger at most."
        case .triggerUseless: "Begin with a SharedImageVersion whose version is 'latest' or a channel."
        case .notKept: nil
        case .limitReached: "Delete what nobody builds."
        case .jobReach: "Name it in 'distribute' of the template, or publish with the token of a person or a program."
        }
    }
}
