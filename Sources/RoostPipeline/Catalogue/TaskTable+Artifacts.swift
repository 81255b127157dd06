extension TaskTable {
    /// Tasks that keep and fetch artifacts.
    static let artifacts = """
        task PublishPipelineArtifact@1 | Publish pipeline artifacts | Keeps files as an artifact of the run.
        - targetPath(path) path! = $(Pipeline.Workspace) :: The file or folder.
        - artifact(artifactName) text :: The name of the artifact.
        - publishLocation(artifactType) pipeline|filepath! = pipeline :: Whether it is kept with the run or on a file share.
        - fileSharePath path! [publishLocation = filepath] :: The folder on the file share.
        - parallel bool [publishLocation = filepath] = false :: Copy several files at once.
        - parallelCount number [publishLocation = filepath] = 8 :: How many files at once.
        - properties text :: Properties of the artifact as a JSON object, whose names begin with user-.
        task DownloadPipelineArtifact@2 | Download pipeline artifacts | Fetches artifacts of this or another run.
        - buildType(source) current|specific! = current :: Whether this run or another one made them.
        - project text! [source = specific] :: The project of the other pipeline.
        - definition(pipeline) text! [source = specific] :: The other pipeline, by its number.
        - specificBuildWithTriggering(preferTriggeringPipeline) bool [source = specific] = false :: Take the run that started this one, if it is of that pipeline.
        - buildVersionToDownload(runVersion) latest|latestFromBranch|specific! [source = specific] = latest :: Which run.
        - branchName(runBranch) text! [runVersion = latestFromBranch] = refs/heads/master :: The branch of the run.
        - pipelineId(runId,buildId) text! [runVersion = specific] :: The number of the run.
        - tags text [source = specific] :: Only runs that have all these tags, separated by commas.
        - allowPartiallySucceededBuilds bool [source = specific] = false :: Runs that succeeded with issues count too.
        - allowFailedBuilds bool [source = specific] = false :: Runs that failed count too.
        - artifactName(artifact) text :: The name of the artifact; without it all are fetched, each into a folder.
        - itemPattern(patterns) lines = ** :: Only files that match one of these patterns, one a line.
        - targetPath(path,downloadPath) path! = $(Pipeline.Workspace) :: Where to put them.
        task PublishBuildArtifacts@1 | Publish build artifacts | Keeps files as an artifact of the run, in the older form.
        - PathtoPublish path! = $(Build.ArtifactStagingDirectory) :: The file or folder.
        - ArtifactName text! = drop :: The name of the artifact.
        - publishLocation(ArtifactType) Container|FilePath! = Container :: Whether it is kept with the run or on a file share.
        - TargetPath path! [publishLocation = FilePath] :: The folder on the file share.
        - Parallel bool [publishLocation = FilePath] = false :: Copy several files at once.
        - ParallelCount number [publishLocation = FilePath] = 8 :: How many files at once.
        - FileCopyOptions text [publishLocation = FilePath] :: More options for the copying program.
        - StoreAsTar bool = false :: Pack the files into a tar first, which keeps their permissions.
        task DownloadBuildArtifacts@0? | Download build artifacts | Fetches artifacts of this or another run, in the older form.
        - buildType current|specific! = current :: Whether this run or another one made them.
        - project text! [buildType = specific] :: The project of the other pipeline.
        - pipeline(definition) text! [buildType = specific] :: The other pipeline.
        - specificBuildWithTriggering bool [buildType = specific] = false :: Take the run that started this one, if it is of that pipeline.
        - buildVersionToDownload latest|latestFromBranch|specific! [buildType = specific] = latest :: Which run.
        - allowPartiallySucceededBuilds bool [buildType = specific] = false :: Runs that succeeded with issues count too.
        - branchName text! [buildVersionToDownload = latestFromBranch] = refs/heads/master :: The branch of the run.
        - buildId text! [buildVersionToDownload = specific] :: The number of the run.
        - tags text [buildType = specific] :: Only runs that have all these tags, separated by commas.
        - downloadType single|specific! = single :: One artifact, or files by pattern.
        - artifactName text! [downloadType = single] :: The name of the artifact.
        - itemPattern lines = ** :: Only files that match one of these patterns, one a line.
        - downloadPath path! = $(System.ArtifactsDirectory) :: Where to put them.
        - cleanDestinationFolder bool = false :: Remove what is in the folder first.
        - parallelizationLimit number = 8 :: How many files at once.
        - checkDownloadedFiles bool = false :: Check that all files came whole.
        - retryDownloadCount number = 4 :: How often to try again when a download fails.
        - retryRedirectDownloadCount number = 0 :: How often to try again when a redirected download fails.
        - extractTars bool :: Unpack tar archives that StoreAsTar made.
        task DownloadBuildArtifacts@1? | Download build artifacts | Fetches artifacts of this or another run, in the older form.
        - buildType current|specific! = current :: Whether this run or another one made them.
        - project text! [buildType = specific] :: The project of the other pipeline.
        - pipeline(definition) text! [buildType = specific] :: The other pipeline.
        - specificBuildWithTriggering bool [buildType = specific] = false :: Take the run that started this one, if it is of that pipeline.
        - buildVersionToDownload latest|latestFromBranch|specific! [buildType = specific] = latest :: Which run.
        - allowPartiallySucceededBuilds bool [buildType = specific] = false :: Runs that succeeded with issues count too.
        - branchName text! [buildVersionToDownload = latestFromBranch] = refs/heads/master :: The branch of the run.
        - buildId text! [buildVersionToDownload = specific] :: The number of the run.
        - tags text [buildType = specific] :: Only runs that have all these tags, separated by commas.
        - downloadType single|specific! = single :: One artifact, or files by pattern.
        - artifactName text! [downloadType = single] :: The name of the artifact.
        - itemPattern lines = ** :: Only files that match one of these patterns, one a line.
        - downloadPath path! = $(System.ArtifactsDirectory) :: Where to put them.
        - cleanDestinationFolder bool = false :: Remove what is in the folder first.
        - parallelizationLimit number = 8 :: How many files at once.
        - checkDownloadedFiles bool = false :: Check that all files came whole.
        - retryDownloadCount number = 4 :: How often to try again when a download fails.
        - extractTars bool :: Unpack tar archives that StoreAsTar made.
        """
}
