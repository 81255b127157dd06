import Testing

@testable import RoostImages

@Suite("Texts as packer writes them")
struct GoTextTests {
    @Test(
        "durations",
        arguments: [
            (Duration.zero, "0s", "0 microseconds"), (.milliseconds(300), "300ms", "300 milliseconds"),
            (.milliseconds(1500), "1.5s", "1 second 500 milliseconds"), (.seconds(60), "1m0s", "1 minute"),
            (.seconds(3725), "1h2m5s", "1 hour 2 minutes"),
        ]
    )
    func durations(_ duration: Duration, _ short: String, _ long: String) {
        #expect(GoText.duration(duration) == short)
        #expect(GoText.span(duration) == long)
    }

    @Test("formats of variables")
    func formats() {
        #expect(GoText.format("%s='%s' ", ["A", "b"]) == "A='b' ")
        #expect(GoText.format("%[2]s%%%[1]s%s%", ["A", "b"]) == "b%Ab%")
        #expect(GoText.format("%s %s %s", ["A", "b"]) == "A b %")
    }
}
