using Gantry.Images.Tests.Fixtures;

namespace Gantry.Images.Tests.Layers;

[Collection(TemporaryFolderCollection.Name)]
public sealed class TemporaryFolderTests
{
    [Fact]
    public async Task A_missing_temporary_folder_is_named()
    {
        await using var build = new BuildFixture();
        build.Write("a", "x").Dockerfile("FROM scratch\nCOPY a /a\n");
        var (variable, missing) = (OperatingSystem.IsWindows() ? "TMP" : "TMPDIR", Path.Combine(build.Context, "missing"));
        var before = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, missing);
        try
        {
            var error = await build.FailAsync();

            Assert.Equal("GAN3019", error.Code);
            Assert.Contains(missing, error.Problem, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }
}
