using Gantry.Environments;
using Gantry.Nuke.Publishing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Publishing;

public sealed class ImageProjectsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ImageProjectsTests()
    {
        _folder.Write("src/App/App.csproj", ""u8);
        _folder.Write("src/App/readme.txt", ""u8);
        _folder.Write("src/Two/One.csproj", ""u8);
        _folder.Write("src/Two/Two.fsproj", ""u8);
        _folder.Write("docs/readme.txt", ""u8);
    }

    private AbsolutePath Root => _folder.Path;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("src/App", "src/App/App.csproj")]
    [InlineData("src/App/App.csproj", "src/App/App.csproj")]
    [InlineData("src/Two/Two.fsproj", "src/Two/Two.fsproj")]
    public void A_project_is_named_as_a_file_or_its_folder(string declared, string project) =>
        Assert.Equal(Root / project, ImageProjects.PathOf(new ContainerImage("app") { Project = declared }, Root));

    [Theory]
    [InlineData("src/Ap", "the project src/Ap of the image 'app' does not exist")]
    [InlineData("docs", "the project docs of the image 'app' is a folder without a project")]
    [InlineData("src/Two", "the project src/Two of the image 'app' is a folder with several projects")]
    public void A_missing_project_is_named(string declared, string problem)
    {
        var error = Assert.Throws<GantryException>(() => ImageProjects.PathOf(new ContainerImage("app") { Project = declared }, Root));
        Assert.Equal("GAN7050", error.Code);
        Assert.Equal(problem, error.Problem);
    }

    [Theory]
    [InlineData("images")]
    [InlineData("registries/app")]
    [InlineData("published.json")]
    [InlineData("release.json")]
    public void Names_of_the_builds_own_files_are_reserved(string name) =>
        Assert.Equal("GAN7016", Assert.Throws<GantryException>(() => ImageProjects.OutputOf(new ContainerImage(name), Root)).Code);
}
