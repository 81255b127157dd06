import RoostTemplate

/// What a template of Image Builder says about its build besides the steps.
struct TemplateRules: Sendable, Hashable {
    /// Nil is no limit.
    var timeout: Duration?
    var distributesAfterFailedValidation = false
    /// Only the source is tried; nothing is made.
    var validatesSourceOnly = false
    var keepsMachineAfterFailure = false

    /// Image Builder gives a build four hours when its template says nothing.
    private static let usualMinutes = 240

    init(_ target: ImageTarget) {
        guard target.type == AzureImageBuilderDriver.type else { return }
        let minutes = target.settings["buildTimeoutInMinutes"]?.number?.int ?? 0
        timeout = .seconds(60 * (minutes > 0 ? minutes : Self.usualMinutes))
        let validate = target.settings["validate"]?.settings
        distributesAfterFailedValidation = validate?["continueDistributeOnFailure"]?.truth ?? false
        validatesSourceOnly = validate?["sourceValidationOnly"]?.truth ?? false
        let errors = target.settings["errorHandling"]?.settings
        keepsMachineAfterFailure = errors?["onCustomizerError"]?.text == "abort"
    }
}
