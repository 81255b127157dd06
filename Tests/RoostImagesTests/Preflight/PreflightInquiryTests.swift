import RoostLanguage
import RoostTemplate
import Testing

@testable import RoostImages

/// What follows from answers, without asking anybody.
@Suite("What a build needs")
struct PreflightInquiryTests {
    private static let signIn = AzureSignIn(subscription: "s", client: "c", way: .session)
    private static let settings = PreflightSettings(
        isForced: false,
        workingFolder: "/work",
        cacheFolder: "/cache",
        environment: [:]
    )

    private static func plan(_ settings: [(String, SettingValue.Form)]) -> ImagePlan {
        let all: [(String, SettingValue.Form)] = [
            ("use_azure_cli_auth", .truth(true)), ("subscription_id", .text("s")), ("client_id", .text("c")),
            ("os_type", .text("Linux")),
        ]
        let entries = (all + settings).map { ImageSettings.Entry($0.0, SettingValue($0.1)) }
        return ImagePlan(
            language: .packerHCL,
            targets: [ImageTarget(name: "t", type: "azure-arm", settings: ImageSettings(entries))]
        )
    }

    private static let gallery: SettingValue.Form = .object(
        ImageSettings(
            [("resource_group", "g"), ("gallery_name", "l"), ("image_name", "d"), ("image_version", "1.0.0")].map {
                ImageSettings.Entry($0.0, SettingValue(.text($0.1)))
            }
        )
    )

    /// Answers every question until none is left.
    private static func findings(
        _ plan: ImagePlan,
        _ answer: (PreflightQuestion) -> PreflightAnswer
    ) -> (codes: [String], rounds: Int) {
        var (facts, rounds): ([PreflightQuestion: PreflightAnswer], Int) = ([:], 0)
        var inquiry = PreflightInquiry(plan, settings)
        while !inquiry.open.isEmpty, rounds < 10 {
            for question in inquiry.open { facts[question] = answer(question) }
            inquiry = PreflightInquiry(plan, settings, knowing: facts)
            rounds += 1
        }
        return (inquiry.findings.map { String($0.problem.code.dropFirst("preflight.".count)) }, rounds)
    }

    private static func usual(_ question: PreflightQuestion) -> PreflightAnswer {
        switch question {
        case .azure(_, let question):
            switch question {
            case .signIn: .found(.signedIn(subscription: "s"))
            case .subscription: .found(.subscription(state: "Enabled"))
            case .regions: .found(.regions(["westeurope": "West Europe"]))
            case .resource(let id):
                id.isOf(AzureType.managedImage)
                    ? .missing : .found(.resource(AzureResourceFact(location: "westeurope")))
            case .versions: .found(.versions([]))
            case .networks: .found(.networks([]))
            case .rights: .found(.rights([RightsFact(actions: ["*"])]))
            case .quota: .found(.quota([]))
            case .sizes: .found(.sizes([MachineSizeFact(name: "Standard_A1", family: "a", processors: 1)]))
            case .marketplace:
                .found(.resource(AzureResourceFact(system: "Linux", generation: "V2", architecture: "x64")))
            }
        case .gallery: .missing
        case .machine(.place):
            .found(
                .place(
                    PlaceFact(isThere: false, isFolder: false, bytes: 0, isWritable: true, folder: "/", freeBytes: .max)
                )
            )
        case .machine(.program(let name)): .found(.program(path: "/bin/\(name)"))
        }
    }

    @Test("the region of a group leads to a second round, and no more")
    func rounds() {
        let plan = Self.plan([
            ("build_resource_group_name", .text("b")), ("shared_image_gallery_destination", Self.gallery),
            ("image_publisher", .text("p")), ("image_offer", .text("o")), ("image_sku", .text("k")),
        ])
        let (codes, rounds) = Self.findings(plan, Self.usual)
        #expect(codes.isEmpty)
        #expect(rounds == 2)
    }

    @Test("whoever is not signed in is told once, whatever else is not answered")
    func signedOut() {
        let obstacle = PreflightObstacle(.signIn, code: "sign-in", reason: "wrong")
        let plan = Self.plan([("location", .text("westeurope")), ("shared_image_gallery_destination", Self.gallery)])
        let (codes, _) = Self.findings(plan) { question in
            if case .azure = question { .unknown(obstacle) } else { Self.usual(question) }
        }
        #expect(codes == ["sign-in"])
    }

    /// Every mix of things that are there, missing or not answered comes to an end, and what is missing is always told.
    @Test("every mix of answers comes to findings for all that is missing")
    func mixes() {
        let plan = Self.plan([
            ("location", .text("westeurope")), ("shared_image_gallery_destination", Self.gallery),
            ("managed_image_name", .text("m")), ("managed_image_resource_group_name", .text("mg")),
            ("virtual_network_name", .text("n")), ("virtual_network_resource_group_name", .text("ng")),
            ("virtual_network_subnet_name", .text("sn")), ("image_publisher", .text("p")),
            ("image_offer", .text("o")), ("image_sku", .text("k")),
        ])
        let types = ["", AzureType.gallery, AzureType.definition]
        for mix in 0..<2187 {
            var digits = mix
            func next() -> Int {
                defer { digits /= 3 }
                return digits % 3
            }
            let states = (0..<7).map { _ in next() }
            let unanswered = PreflightAnswer.unknown(PreflightObstacle(.unanswered, code: "timed-out", reason: "r"))
            let (codes, rounds) = Self.findings(plan) { question in
                guard case .azure(_, let asked) = question else { return Self.usual(question) }
                let state: Int
                switch asked {
                case .resource(let id): state = types.firstIndex(of: id.type).map { states[$0] } ?? 0
                case .networks: state = states[3]
                case .versions: state = states[4]
                case .marketplace: state = states[5]
                case .sizes, .quota, .regions, .rights: state = states[6]
                default: state = 0
                }
                return [Self.usual(question), .missing, unanswered][state]
            }
            #expect(rounds <= 3)
            #expect(codes.contains("group") == (states[0] == 1))
            #expect(codes.contains("gallery") == (states[1] == 1))
            #expect(codes.contains("definition") == (states[2] == 1))
            #expect(codes.contains("source") == (states[5] == 1))
            #expect(codes.contains("network") == (states[3] == 0))
            #expect(codes.contains("timed-out") == states.contains(2))
        }
    }

    // MARK: Parts

    @Test(
        "a right matches as roles write it",
        arguments: [
            ("*", "Microsoft.Compute/images/write", true), ("*/read", "Microsoft.Compute/images/read", true),
            ("*/read", "Microsoft.Compute/images/write", false),
            ("microsoft.compute/*", "Microsoft.Compute/images/write", true),
            ("Microsoft.Compute/*/write", "Microsoft.Compute/galleries/images/versions/write", true),
            ("Microsoft.Compute/images/write", "Microsoft.Compute/images/write", true),
            ("Microsoft.Compute/images", "Microsoft.Compute/images/write", false),
            ("a*a", "a", false), ("", "a", false), ("**", "a", true),
        ]
    )
    func rights(_ pattern: String, _ action: String, _ isAllowed: Bool) {
        #expect(RightsFact(actions: [pattern]).allows(action) == isAllowed)
        #expect(!RightsFact(actions: ["*"], excluded: [pattern]).allows(action) == isAllowed)
    }

    @Test("the latest version is the highest that is ready, near and not excluded")
    func latest() {
        func version(
            _ name: String,
            in region: String,
            state: String = "Succeeded",
            excluded: Bool = false
        ) -> ImageVersionFact {
            ImageVersionFact(name: name, state: state, isExcluded: excluded, regions: [region])
        }
        let all = [
            version("1.0.9", in: "West Europe"), version("1.0.10", in: "West Europe"),
            version("1.0.11", in: "West Europe", state: "Creating"),
            version("3.0.0", in: "West Europe", excluded: true), version("2.0.0", in: "East US"),
        ]
        #expect(VersionChoice("latest", among: all, in: "westeurope").version == "1.0.10")
        #expect(VersionChoice("latest", among: all, in: "eastus").version == "2.0.0")
        #expect(VersionChoice("3.0.0", among: all, in: "westeurope").version == "3.0.0")
        #expect(VersionChoice("2.0.0", among: all, in: "westeurope").refusal?.contains("East US") == true)
        #expect(VersionChoice("1.0.11", among: all, in: "westeurope").refusal == " is in the state Creating")
        #expect(VersionChoice("latest", among: [], in: nil).refusal == ": it has no version at all")
        #expect(VersionChoice("latest", among: [all[3]], in: nil).refusal == ": all are excluded from latest")
    }

    @Test("a subnet gets addresses that no other has")
    func ranges() {
        let range = AddressRange.free(in: ["10.1.0.0/16"], besides: ["10.1.0.0/24", "10.1.1.0/25", "fd00::/64"])
        #expect(range?.text == "10.1.2.0/24")
        #expect(AddressRange.free(in: ["10.1.0.0/16"], besides: ["10.0.0.0/8"]) == nil)
        #expect(AddressRange.free(in: ["10.1.0.0/28"], besides: [])?.text == "10.1.0.0/28")
        #expect(AddressRange.free(in: ["0.0.0.0/0"], besides: ["0.0.0.0/1"]) == nil)
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.256/8", "/", ""] {
            #expect(AddressRange(text) == nil)
        }
    }

    @Test("commands are quoted as a shell needs it")
    func commands() {
        let id = AzureResourceID(subscription: "s", resourceGroup: "it's mine")
        let draft = AzureDraft(id, location: "westeurope", .group)
        #expect(
            draft.command == "az group create --name 'it'\\''s mine' --location westeurope --subscription s"
        )
    }
}
