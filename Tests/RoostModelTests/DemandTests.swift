import RoostModel
import Testing

@Suite("Demands")
struct DemandTests {
    private let system: Capabilities = ["Agent.OS": "Linux", "node": "v20.1.0", "Agent.Version": "4.270.0"]

    @Test(
        "names and values are compared ignoring case, versions as at least",
        arguments: [
            ("agent.os", true), ("AGENT.OS -equals linux", true), ("Agent.OS -equals Windows_NT", false),
            ("docker", false),
            ("Agent.Version -gtVersion 4.270", true), ("Agent.Version -gtVersion 4.271.0", false),
            ("node -gtVersion 20", true), ("node -gtVersion 20.1.1", false), ("Agent.OS -gtVersion 1", false),
        ]
    )
    func meets(text: String, expected: Bool) throws {
        let isMet = try Demand(parsing: text).isMet(by: system, [:])
        #expect(isMet == expected)
    }

    @Test("the user's capabilities win over the system's")
    func userWins() throws {
        let demand = try Demand(parsing: "node -equals 22")
        #expect(demand.isMet(by: system, ["NODE": "22"]))
    }

    @Test("what is no demand says why", arguments: ["", "  ", "a b", "a -equals", "a -like b", "a -gtVersion x"])
    func refused(text: String) {
        #expect(throws: InvalidDemand.self) { try Demand(parsing: text) }
    }
}
