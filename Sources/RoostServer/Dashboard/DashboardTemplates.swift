import Foundation
import Mustache

/// The templates and files that are built into the program.
struct DashboardTemplates: Sendable {
    let library: MustacheLibrary
    let styleSheet: [UInt8]
    let script: [UInt8]
    /// Changes with the files, so that browsers may keep them for long.
    let assetsVersion: String

    /// - Throws: when a template does not parse, which a test would have found.
    init() throws {
        let sources: [(String, [UInt8])] = [
            ("page", PackageResources.page_mustache), ("login", PackageResources.login_mustache),
            ("runs", PackageResources.runs_mustache), ("run", PackageResources.run_mustache),
            ("log", PackageResources.log_mustache), ("pools", PackageResources.pools_mustache),
            ("pool", PackageResources.pool_mustache), ("waiting", PackageResources.waiting_mustache),
            ("queue", PackageResources.queue_mustache), ("agent", PackageResources.agent_mustache),
            ("artifact", PackageResources.artifact_mustache), ("tests", PackageResources.tests_mustache),
            ("device", PackageResources.device_mustache), ("consent", PackageResources.consent_mustache),
            ("signindone", PackageResources.signindone_mustache),
            ("signinreturn", PackageResources.signinreturn_mustache),
            ("environments", PackageResources.environments_mustache),
            ("environment", PackageResources.environment_mustache), ("checks", PackageResources.checks_mustache),
            ("imagetemplates", PackageResources.imagetemplates_mustache),
            ("imagetemplate", PackageResources.imagetemplate_mustache),
            ("connections", PackageResources.connections_mustache),
            ("connection", PackageResources.connection_mustache),
            ("account", PackageResources.account_mustache), ("tokens", PackageResources.tokens_mustache),
            ("tokentable", PackageResources.tokentable_mustache),
            ("tokenmade", PackageResources.tokenmade_mustache), ("confirm", PackageResources.confirm_mustache),
            ("signins", PackageResources.signins_mustache), ("signintable", PackageResources.signintable_mustache),
            ("users", PackageResources.users_mustache), ("user", PackageResources.user_mustache),
            ("runform", PackageResources.runform_mustache), ("galleries", PackageResources.galleries_mustache),
            ("image", PackageResources.image_mustache), ("imageversion", PackageResources.imageversion_mustache),
            ("pipelines", PackageResources.pipelines_mustache), ("problem", PackageResources.problem_mustache),
        ]
        var library = MustacheLibrary()
        for (name, bytes) in sources { try library.register(String(decoding: bytes, as: UTF8.self), named: name) }
        self.library = library
        styleSheet = PackageResources.roost_css
        script = PackageResources.roost_js
        assetsVersion = PersonalToken.hash(String(decoding: styleSheet + script, as: UTF8.self)).prefix(12).description
    }
}

/// A page's frame around its content.
struct PageFrame {
    struct Section {
        var path: String
        var name: String
        var current: Bool
    }

    var t: [String: String]
    var language: String
    var otherLanguage: String
    var otherLanguageName: String
    var title: String
    var assets: String
    var path: String
    var user: String?
    var stream: String?
    var notice: String?
    var sections: [Section]
    var content: String
}
