import Foundation
import Hummingbird
import RoostModel

/// What the pages about tokens, sign-ins and people share.
extension DashboardRoutes {
    struct Tab {
        var path: String
        var name: String
        var current: Bool
    }

    /// The pages beside each other; people are shown to administrators only.
    func tabs(_ request: DashboardRequest, _ current: String) -> [Tab] {
        let t = request.phrases
        var tabs = [("/tokens", "tokens"), ("/sign-ins", "signIns")]
        if mayManagePeople(request) { tabs.append(("/users", "people")) }
        return tabs.map { Tab(path: $0.0, name: t[$0.1], current: $0.0 == current) }
    }

    /// Whether somebody manages the organization, and with it the tokens and sign-ins of all.
    func managesOrganization(_ request: DashboardRequest) -> Bool {
        request.principal?.roleHolder.map { plane.holdsEverywhere(.manage, $0) } ?? false
    }

    private func mayManagePeople(_ request: DashboardRequest) -> Bool {
        managesOrganization(request) && TokenScope.full.isGranted(by: request.scopes)
    }

    /// Refuses what is another person's, but to administrators.
    func requireOwn(_ user: String, _ request: DashboardRequest) throws {
        guard user.lowercased() != request.userName?.lowercased(), let holder = request.principal?.roleHolder else {
            return
        }
        try plane.check(.manage, on: plane.chain(of: .organization), for: holder)
    }

    /// The page of a person.
    static func path(ofUser name: String) -> String { "/users/\(PercentCoding.encode(name))" }

    /// A question before something that cannot be taken back.
    struct Question {
        var title: String
        var lines: [String]
        /// A check box; none when it is nil.
        var option: String?
        var button: String
        var action: String
        var back: String
    }

    func page(_ question: Question, _ request: DashboardRequest) -> Page {
        var values: [String: Any] = [
            "t": request.phrases.table, "title": question.title, "lines": question.lines, "button": question.button,
            "action": question.action, "back": question.back,
        ]
        values["option"] = question.option
        return Page(title: question.title, section: "", content: render("confirm", values))
    }
}
