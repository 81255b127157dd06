import Testing

@testable import RoostImages

@Suite("What packer says")
struct PackerTranscriptTests {
    @Test(
        "lines are taken apart",
        arguments: [
            ("17,,ui,say,==> a: b%!(PACKER_COMMA) c", PackerLine.ui(.say, "==> a: b, c")),
            ("17,,ui,error,one\\ntwo", .ui(.error, "one\ntwo")),
            ("17,a,artifact,2,file,0,x%!(PACKER_COMMA)y", .artifact(place: 2, part: "file", values: ["0", "x,y"])),
            ("17,a,error,because", .failed("because")), ("17,a,artifact-count,1", .passedOver),
            ("panic: oh,no,it,broke", .other("panic: oh,no,it,broke")), ("", .other("")),
            ("17,a,artifact,x,end", .passedOver),
        ]
    )
    func lines(_ text: String, _ line: PackerLine) { #expect(PackerLine(text) == line) }

    private func said(_ lines: [String]) -> (shown: [String], transcript: PackerTranscript) {
        let transcript = PackerTranscript("n")
        let shown = lines.flatMap(transcript.take).map { said in
            let title = said.postProcessor.map { " (\($0))" } ?? ""
            return switch said.message {
            case .step(let text): "step\(title) \(text)"
            case .detail(let text): "detail\(title) \(text)"
            case .error(let text): "error\(title) \(text)"
            }
        }
        return (shown, transcript)
    }

    @Test("names in front go, sums at the end go, artifacts are put together")
    func whole() {
        let (shown, transcript) = said([
            "17,,ui,say,==> n: Running", "17,,ui,message,    n: out: put", "17,,ui,error,==> n: bad\\n==> n: worse",
            "17,,ui,say,==> n (tag): Tagging", "17,,ui,say,==> other: text", "17,,ui,say,Build 'n' finished after 1s.",
            "17,,ui,say,\\n==> Builds finished. The artifacts of successful builds are:", "17,n,artifact-count,1",
            "17,n,artifact,0,builder-id,Azure.X", "17,n,artifact,0,id,/a/b", "17,n,artifact,0,string,one\\ntwo",
            "17,n,artifact,0,files-count,1", "17,n,artifact,0,file,0,f.img", "17,n,artifact,0,end",
            "17,,ui,say,--> n: one\\ntwo",
        ])
        #expect(
            shown == [
                "step Running", "detail out: put", "error bad", "error worse", "step (tag) Tagging",
                "step ==> other: text",
            ]
        )
        let artifact = ImageArtifact(builderID: "Azure.X", id: "/a/b", text: "one\ntwo", files: ["f.img"])
        #expect(transcript.artifacts == [artifact])
        #expect(transcript.failure == nil)
    }

    @Test("why it failed is what packer gives as the reason, else what it wrote last")
    func failures() {
        #expect(said(["17,,ui,error,Build 'n' errored: x", "17,n,error,x, y"]).transcript.failure == "x")
        let (shown, transcript) = said(["17,,ui,error,Error: Failed to prepare\\n\\n1 error occurred:", "boom"])
        #expect(shown == ["error Error: Failed to prepare", "error 1 error occurred:", "error boom"])
        #expect(transcript.failure == "Error: Failed to prepare\n1 error occurred:\nboom")
    }
}
