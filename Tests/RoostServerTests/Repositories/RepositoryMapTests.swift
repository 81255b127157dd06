import RoostModel
import Testing

@testable import RoostServer

@Suite("Where repositories named in pipelines are")
struct RepositoryMapTests {
    private static let text = """
        # places of our site
        Contoso/templates     = /srv/git/templates.git
        github:octo/*         = https://git.example.org/mirror/octo/*.git
        endpoint:corp         = https://github.example.org
        git:Shared/*          = ssh://git@git.example.org/shared/*
        """

    struct Place: CustomTestStringConvertible, Sendable {
        var type = "git"
        var name: String
        var endpoint: String?
        var allowsPaths = false
        var url: String?

        var testDescription: String { "\(type):\(name)" }
    }

    @Test(
        "a name is looked up with and without its type, completed by its project, its connection or its host",
        arguments: [
            Place(name: "templates", url: "/srv/git/templates.git"),
            Place(name: "contoso/Templates", url: "/srv/git/templates.git"),
            Place(type: "github", name: "octo/Actions", url: "https://git.example.org/mirror/octo/Actions.git"),
            Place(type: "GitHub", name: "other/repo", url: "https://github.com/other/repo.git"),
            Place(type: "bitbucket", name: "team/repo", url: "https://bitbucket.org/team/repo.git"),
            Place(
                type: "githubenterprise",
                name: "org/repo",
                endpoint: "Corp",
                url: "https://github.example.org/org/repo"
            ),
            Place(type: "githubenterprise", name: "org/repo", endpoint: "unknown", url: nil),
            Place(name: "Shared/tools", url: "ssh://git@git.example.org/shared/tools"),
            Place(name: "Elsewhere/tools", url: nil),
            Place(name: "https://git.example.org/a/b.git", url: "https://git.example.org/a/b.git"),
            Place(name: "git@git.example.org:a/b.git", url: "git@git.example.org:a/b.git"),
            Place(name: "/srv/git/x.git", url: nil),
            Place(name: "/srv/git/x.git", allowsPaths: true, url: "/srv/git/x.git"),
            Place(name: "--upload-pack=x/y", url: nil),
            Place(type: "github", name: "--upload-pack=x/y", url: nil),
        ]
    )
    func location(_ place: Place) throws {
        let map = try RepositoryMap(Self.text, file: "map")
        let repository = PlannedRepository(
            alias: "x",
            type: place.type,
            name: place.name,
            endpoint: place.endpoint
        )
        let found = map.location(of: repository, project: "Contoso", allowsPaths: place.allowsPaths)
        #expect(found == place.url)
    }

    @Test("every line that cannot be used is named with its place")
    func problems() {
        let text = "a/b\n*/*=x\n = y\nc/d = -x\n# ok\n"
        let error = #expect(throws: ControlError.self) { try RepositoryMap(text, file: "map") }
        for place in ["map:1", "map:2", "map:3", "map:4"] { #expect(error?.summary.contains(place) == true) }
        #expect(error?.summary.contains("map:5") == false)
    }

    @Test("a map that is set and missing is a problem")
    func missing() {
        #expect(throws: ControlError.self) { try RepositoryMap.read("/nowhere/map") }
        #expect((try? RepositoryMap.read(nil)) == RepositoryMap())
    }
}
