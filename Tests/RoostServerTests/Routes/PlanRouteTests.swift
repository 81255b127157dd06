import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("A job's reports over HTTP")
struct PlanRouteTests {
    @Test("records are merged: absent members leave what is stored, unknown ids are new")
    func records() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let new = UUID().uuidString.lowercased()
            let body = """
                {"count":2,"value":[{"id":"\(server.seed.step.id)","percentComplete":50},
                {"id":"\(new)","parentId":"\(server.seed.job.id)","type":"Task","name":"Finalize Job","state":"completed","result":"succeeded"}]}
                """
            let answer = try await server.send(.PATCH, "\(server.seed.timelinePath)/records", as: job, body: body)
            #expect(answer.status == 200, "\(answer.text)")
            let merged = try answer.decode(WireList<TimelineRecordWire>.self).value
            #expect(merged.map(\.name) == ["make", "Finalize Job"])
            #expect(merged[0].percentComplete == 50)
            #expect(merged[0].state == "inProgress")
            #expect(merged[0].log?.url?.hasSuffix("/_apis/build/builds/1/logs/1") == true)

            let timeline = try await server.send(.GET, server.seed.timelinePath).decode(TimelineWire.self)
            #expect(timeline.records?.count == 3)
            let newest = try #require(timeline.changeId)
            let since = try await server.send(.GET, "\(server.seed.timelinePath)/records?changeId=\(newest - 1)")
            #expect(since.list.count == 1)
            let bare = try await server.send(.GET, "\(server.seed.timelinePath)?includeRecords=false").decode(
                TimelineWire.self
            )
            #expect(bare.records?.isEmpty == true)
        }
    }

    /// A request whose token was looked at while the job ran can come to the state after the job's end.
    @Test("what is said of a job after its end opens nothing again", arguments: ["succeeded", "abandoned"])
    func lateRecords(result: String) async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let own = server.seed.job.id.rawValue
            let end = #"{"name":"JobCompleted","jobId":"\#(own)","requestId":1,"result":"\#(result)"}"#
            #expect(try await server.send(.POST, "\(server.seed.planPath)/events", as: job, body: end).status == 204)
            let before = try await server.send(.GET, server.seed.timelinePath).decode(TimelineWire.self).records ?? []
            #expect(before.allSatisfy { $0.state == "completed" })
            let runs = UUID()
            let answered = try await server.app.plane.updateRecords(
                plan: server.seed.run.planID,
                patches: [
                    TimelineRecordWire(id: own, percentComplete: 10, state: "inProgress", workerName: "late"),
                    TimelineRecordWire(
                        id: server.seed.step.id.rawValue,
                        currentOperation: "late",
                        state: "inProgress"
                    ),
                    TimelineRecordWire(id: UUID(), parentId: own, type: "Task", name: "waits", state: "pending"),
                    TimelineRecordWire(id: runs, parentId: own, type: "Task", name: "runs", state: "inProgress"),
                    TimelineRecordWire(id: UUID(), parentId: runs, type: "Task", name: "part", state: "inProgress"),
                ],
                job: server.seed.job.id
            )
            #expect(answered.map(\.state) == Array(repeating: .completed, count: 5))
            let stopped: TaskResult = result == "abandoned" ? .abandoned : .canceled
            #expect(answered.dropFirst(2).map(\.result) == [.skipped, stopped, stopped])

            let after = try await server.send(.GET, server.seed.timelinePath).decode(TimelineWire.self).records ?? []
            #expect(after.count == before.count + 3)
            for old in before {
                let new = try #require(after.first { $0.id == old.id })
                #expect(new.state == "completed" && new.result == old.result && new.finishTime == old.finishTime)
            }
            // What it adds is kept: whoever looks for the reason wants to know.
            #expect(after.first { $0.id == server.seed.step.id.rawValue }?.currentOperation == "late")
        }
    }

    @Test("a job changes no record but its own and those below it, wherever it says that they are")
    func foreignRecords() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let stage = UUID()
            _ = try await server.app.plane.updateRecords(
                plan: server.seed.run.planID,
                patches: [TimelineRecordWire(id: stage, type: "Stage", name: "another")],
                job: nil
            )
            let path = "\(server.seed.timelinePath)/records"
            let claim = #"[{"id":"\#(stage)","parentId":"\#(server.seed.job.id)","state":"completed"}]"#
            #expect(try await server.send(.PATCH, path, as: job, body: claim).status == 403)
            let unknown = #"[{"id":"\#(UUID())","parentId":"\#(UUID())","name":"elsewhere"}]"#
            #expect(try await server.send(.PATCH, path, as: job, body: unknown).status == 403)
            // A step stays where it is.
            let move = #"[{"id":"\#(server.seed.step.id)","parentId":"\#(stage)"}]"#
            let moved = try await server.send(.PATCH, path, as: job, body: move)
                .decode(WireList<TimelineRecordWire>.self)
            #expect(moved.value.first?.parentId == server.seed.job.id.rawValue)
        }
    }

    @Test("details of a step go to a timeline of their own, which is echoed")
    func detailTimeline() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let id = UUID().uuidString.lowercased()
            let made = try await server.send(
                .POST,
                "\(server.seed.planPath)/timelines",
                as: job,
                body: #"{"id":"\#(id)"}"#
            )
            #expect((made.json["id"] as? String)?.lowercased() == id)
            let path = "\(server.seed.planPath)/timelines/\(id)/records"
            let body = #"[{"id":"\#(UUID())","name":"detail"}]"#
            #expect(try await server.send(.PATCH, path, as: job, body: body).list.count == 1)
            #expect(try await server.send(.GET, server.seed.timelinePath).decode(TimelineWire.self).records?.count == 2)
        }
    }

    @Test("logs are made, appended to, and read by line; a repeated append with its offset adds nothing")
    func logs() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let logs = "\(server.seed.planPath)/logs"
            let octets = [("Content-Type", "application/octet-stream")]
            let made = try await server.send(.POST, logs, as: job, body: #"{"path":"logs\\x"}"#)
            let id = try #require(made.json["id"] as? Int)
            let first = try await server.send(.POST, "\(logs)/\(id)", as: job, headers: octets, body: "one\ntwo\n")
            #expect(first.json["lineCount"] as? Int == 2)
            #expect(first.headers["X-Roost-Log-Offset"] == ["8"])
            for _ in 0..<2 {
                let again = octets + [("X-Roost-Log-Offset", "8")]
                let answer = try await server.send(.POST, "\(logs)/\(id)", as: job, headers: again, body: "three\n")
                #expect(answer.json["lineCount"] as? Int == 3)
            }
            let lines = try await server.send(.GET, "\(logs)/\(id)?startLine=2&endLine=3").json["value"] as? [String]
            #expect(lines == ["two", "three"])
            let wrong = octets + [("X-Roost-Log-Offset", "-1")]
            #expect(try await server.send(.POST, "\(logs)/\(id)", as: job, headers: wrong, body: "x").status == 400)
            #expect(try await server.send(.POST, "\(logs)/99", as: job, headers: octets, body: "x").status == 404)
        }
    }

    @Test("a build's log comes as lines, as text, and as an archive that unzip understands")
    func buildLog() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            _ = try await server.send(.POST, "\(server.seed.planPath)/logs/1", as: job, body: "eins\nzwei\ndrei\n")
            let path = "/Fabrikam%20Fibre/_apis/build/builds/1/logs"
            #expect(try await server.send(.GET, path).list.map { $0["lineCount"] as? Int } == [3])
            let lines = try await server.send(
                .GET,
                "\(path)/1",
                headers: [("Accept", "application/json;api-version=7.1-preview.2")]
            )
            #expect(lines.json["value"] as? [String] == ["eins", "zwei", "drei"])
            let text = [("Accept", "text/plain;api-version=7.1-preview.2")]
            #expect(try await server.send(.GET, "\(path)/1", headers: text).text == "eins\nzwei\ndrei\n")
            #expect(try await server.send(.GET, "\(path)/1?startLine=2&endLine=2", headers: text).text == "zwei\n")

            let zip = try await server.send(.GET, path, headers: [("Accept", "application/zip")])
            let file = server.folder.appending(path: "logs.zip")
            try zip.bytes.write(to: file)
            let unzip = Process()
            unzip.executableURL = URL(filePath: "/usr/bin/env")
            unzip.arguments = [
                "python3", "-c",
                "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);print(z.testzip(),z.read('1.txt').decode(),end='')",
                file.path,
            ]
            let pipe = Pipe()
            unzip.standardOutput = pipe
            try unzip.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            unzip.waitUntilExit()
            #expect(String(decoding: output, as: UTF8.self) == "None eins\nzwei\ndrei\n")
        }
    }

    @Test("attachments are kept with their record and found by type")
    func attachments() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let type = "DistributedTask.Core.Summary"
            let path = "\(server.seed.timelinePath)/records/\(server.seed.step.id)/attachments/\(type)"
            let put = try await server.send(.PUT, "\(path)/My%20summary", as: job, body: "# Done")
            #expect(put.json["name"] as? String == "My summary")
            let bytes = try await server.send(
                .GET,
                "\(path)/My%20summary",
                as: job,
                headers: [("Accept", "application/octet-stream")]
            )
            #expect(bytes.text == "# Done")
            #expect(try await server.send(.GET, "\(path)/My%20summary").json["name"] as? String == "My summary")
            let list = try await server.send(.GET, "/Fabrikam%20Fibre/_apis/build/builds/1/attachments/\(type)")
            let link = ((list.list.first?["_links"] as? [String: Any])?["self"] as? [String: Any])?["href"] as? String
            let relative = try #require(link).dropFirst(server.app.address.count - 1)
            #expect(try await server.send(.GET, String(relative)).text == "# Done")
            #expect(
                try await server.send(.GET, "\(path)/other", headers: [("Accept", "application/octet-stream")]).status
                    == 404
            )
        }
    }

    @Test("console lines reach those who watch the run, and the stream ends with the run")
    func events() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let response = try await server.head(.GET, "/_apis/roost/runs/1/events")
            #expect(response.headers["Content-Type"] == ["text/event-stream; charset=utf-8"])
            var names: [String] = []
            var text = ""
            var isFed = false
            for try await chunk in response.body {
                text += String(buffer: chunk)
                while let end = text.range(of: "\n\n") {
                    let event = text[..<end.lowerBound]
                    text = String(text[end.upperBound...])
                    if let name = event.split(separator: "\n").first(where: { $0.hasPrefix("event: ") }) {
                        names.append(String(name.dropFirst(7)))
                    }
                    if event.contains("hello from the step") { #expect(names.last == "lines") }
                }
                // The snapshot has come, so that the stream watches: now something happens.
                guard !isFed, names.contains("log") else { continue }
                isFed = true
                let feed =
                    #"{"count":1,"value":["hello from the step"],"stepId":"\#(server.seed.step.id)","startLine":1}"#
                let path = "\(server.seed.timelinePath)/records/\(server.seed.job.id)/feed"
                #expect(try await server.send(.POST, path, as: job, body: feed).status == 204)
                let end = #"{"name":"JobCompleted","jobId":"\#(server.seed.job.id)","result":"succeeded"}"#
                #expect(
                    try await server.send(.POST, "\(server.seed.planPath)/events", as: job, body: end).status == 204
                )
            }
            #expect(names.prefix(3) == ["run", "records", "log"])
            #expect(names.contains("lines"))
            #expect(names.last == "end")
        }
    }

    @Test("a log is followed until it is complete")
    func follow() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            _ = try await server.send(.POST, "\(server.seed.planPath)/logs/1", as: job, body: "one\n")
            let response = try await server.head(.GET, "/_apis/roost/runs/1/logs/1/follow")
            var text = ""
            var isEnding = false
            for try await chunk in response.body {
                text += String(buffer: chunk)
                guard !isEnding else { continue }
                isEnding = true
                _ = try await server.send(.POST, "\(server.seed.planPath)/logs/1", as: job, body: "two\n")
                let end = #"{"name":"JobCompleted","jobId":"\#(server.seed.job.id)","result":"succeeded"}"#
                _ = try await server.send(.POST, "\(server.seed.planPath)/events", as: job, body: end)
            }
            #expect(text == "one\ntwo\n")
        }
    }

    @Test("a job's end leaves its result and outputs, and the run's")
    func completion() async throws {
        try await LiveServer.with { server in
            let job = LiveServer.Sender.bearer(try server.job)
            let other = #"{"name":"JobCompleted","jobId":"\#(UUID())","result":"succeeded"}"#
            #expect(try await server.send(.POST, "\(server.seed.planPath)/events", as: job, body: other).status == 403)
            let end = """
                {"name":"JobCompleted","jobId":"\(server.seed.job.id)","requestId":1,"result":"succeededWithIssues",
                "outputs":{"make.version":{"value":"1.2"}},"agentShuttingDown":false}
                """
            #expect(try await server.send(.POST, "\(server.seed.planPath)/events", as: job, body: end).status == 204)
            let ended = try await server.app.plane.job(request: RequestID(1), in: PoolID(1))
            #expect(ended.outputs["make.version"]?.value == "1.2")
            let build = try await server.send(.GET, "/_apis/build/builds/1").json
            #expect(build["status"] as? String == "completed")
            #expect(build["result"] as? String == "partiallySucceeded")
        }
    }
}
