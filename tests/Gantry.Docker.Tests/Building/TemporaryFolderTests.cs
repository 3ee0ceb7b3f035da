using Gantry.Docker.Building;
using Gantry.Docker.Engine;
using Gantry.Docker.Tests.Fixtures;
using Gantry.Testing;

namespace Gantry.Docker.Tests.Building;

[Collection(TemporaryFolderCollection.Name)]
public sealed class TemporaryFolderTests
{
    [Fact]
    public async Task A_missing_temporary_folder_is_not_reported_as_a_broken_connection()
    {
        using var folder = new BuildFolder("FROM scratch\nCOPY Dockerfile /\n");
        await using var scripted = await ScriptedDockerEngine.StartAsync();
        scripted.BuildOutput = $$$"""{"aux":{"ID":"sha256:{{{new string('a', 64)}}}"}}""";
        using var engine = DockerEngine.Connect(DockerEndpoint.Parse(scripted.Host, "the test"));
        var builder = new DockerImageBuilder(engine, new RecordingBuildLog());
        var (variable, missing) = (OperatingSystem.IsWindows() ? "TMP" : "TMPDIR", Path.Combine(folder.Request.Context, "missing"));
        var before = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, missing);
        try
        {
            var error = await Assert.ThrowsAsync<GantryException>(() =>
                builder.BuildAsync(folder.Request, new MemoryRepository("memory", "memory/app"), default));

            Assert.Equal("GAN3019", error.Code);
            Assert.Contains(missing, error.Problem, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }
}
