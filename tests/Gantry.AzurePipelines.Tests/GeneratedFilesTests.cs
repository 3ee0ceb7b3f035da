using Gantry.Testing;

namespace Gantry.AzurePipelines.Tests;

public sealed class GeneratedFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly GeneratedFile[] _files = [new("azure-pipelines.yml", "a: 1\nb: 2\nc: 3\n"), new(".run/Test.run.xml", "<x/>\n")];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Finds_nothing_when_all_is_as_generated()
    {
        Write("azure-pipelines.yml", "a: 1\nb: 2\nc: 3\n");
        Write(".run/Test.run.xml", "<x/>\r\n");
        Assert.Empty(await CompareAsync());
    }

    [Fact]
    public async Task Tells_what_would_change()
    {
        Write("azure-pipelines.yml", "a: 1\nb: two\nc: 3\n");

        var differences = await CompareAsync();

        Assert.Equal(["azure-pipelines.yml", ".run/Test.run.xml"], differences.Select(difference => difference.Path));
        Assert.Equal("--- a/azure-pipelines.yml\n+++ b/azure-pipelines.yml\n@@ -1,3 +1,3 @@\n a: 1\n-b: two\n+b: 2\n c: 3\n", differences[0].Diff);
        Assert.True(differences[1].IsMissing);
        Assert.StartsWith("--- /dev/null\n+++ b/.run/Test.run.xml\n", differences[1].Diff, StringComparison.Ordinal);
        Assert.Equal("GAN8061: the generated file 'azure-pipelines.yml' is not what the declaration says; run the build on your machine, which generates again, and commit it.", GeneratedFiles.ToException([differences[0]]).Message);
        Assert.Equal("GAN8061: 2 generated files are not what the declaration says: azure-pipelines.yml, .run/Test.run.xml (missing); run the build on your machine, which generates again, and commit it.", GeneratedFiles.ToException(differences).Message);
    }

    [Fact]
    public async Task Says_when_a_file_cannot_be_read()
    {
        Directory.CreateDirectory(_folder.Combine("azure-pipelines.yml"));
        await using var held = new FileStream(Write(".run/Test.run.xml", "x"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = await Assert.ThrowsAsync<GantryException>(() => GeneratedFiles.CompareAsync([_files[1]], _folder.Path, CancellationToken.None));
        Assert.Equal("GAN8060", error.Code);
    }

    private string Write(string path, string content) => _folder.Write(path, System.Text.Encoding.UTF8.GetBytes(content));

    private Task<IReadOnlyList<FileDifference>> CompareAsync() => GeneratedFiles.CompareAsync(_files, _folder.Path, CancellationToken.None);
}
