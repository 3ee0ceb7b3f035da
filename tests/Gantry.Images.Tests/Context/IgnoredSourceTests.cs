using System.Text;
using Gantry.Images.Context;
using Gantry.Oci;
using Gantry.Testing;

namespace Gantry.Images.Tests.Context;

public sealed class IgnoredSourceTests
{
    [Theory]
    [InlineData("*\n!artifacts/app", "COPY artifacts/worker/content /app", ".dockerignore:1 *")]
    [InlineData("*\n!artifacts/worker\nartifacts/worker/", "COPY artifacts/worker /app", ".dockerignore:3 artifacts/worker/")]
    [InlineData("*\n!artifacts/app", "COPY artifacts/app/content artifacts/app/packages /app/", null)]
    [InlineData("*\n!artifacts/worker/content", "COPY artifacts/worker /app", null)]
    [InlineData("*\n!**/content", "COPY artifacts/worker /app", null)]
    [InlineData("*\n!**/content", "COPY artifacts/content /app", null)]
    [InlineData("*", "COPY artifacts/* /app/", null)]
    [InlineData("*", "FROM scratch AS other\nFROM scratch\nCOPY --from=other /a /app", null)]
    [InlineData("# nothing", "COPY artifacts/worker /app", null)]
    public async Task Finds_what_a_Dockerfile_copies_and_the_rules_exclude(string rules, string instructions, string? expected)
    {
        using var folder = new TempFolder();
        folder.Write(".dockerignore", Encoding.UTF8.GetBytes(rules));
        var request = new ImageBuildRequest
        {
            Dockerfile = folder.Write("Dockerfile", Encoding.UTF8.GetBytes("FROM scratch\n" + instructions + "\n")),
            Context = folder.Path,
            Platforms = [Platform.LinuxAmd64],
            SourceDate = ImageBuildRequest.FixedTime,
        };

        var found = await IgnoredSource.FindAsync(request, CancellationToken.None);

        Assert.Equal(expected, found.Select(ignored => $"{ignored.Line} {ignored.Rule}").SingleOrDefault());
    }
}
