using Nuke.Common.Git;
using Nuke.Common.IO;
using Nuke.Common.ProjectModel;
using Nuke.Common.Tools.Git;

namespace Compat.Tests;

public sealed class RepositoryTests : IDisposable
{
    private readonly SampleBuild _build = new();

    private AbsolutePath Root => _build.Root;

    public void Dispose() => _build.Dispose();

    [Theory]
    [InlineData("https://github.com/contoso/app.git", GitProtocol.Https, "https://github.com/contoso/app")]
    [InlineData("https://user@dev.azure.com/contoso/project/_git/app", GitProtocol.Https, "https://dev.azure.com/contoso/project/_git/app")]
    [InlineData("git@github.com:contoso/app.git", GitProtocol.Ssh, "git@github.com:contoso/app")]
    [InlineData("ssh://git@host.example:2222/contoso/app", GitProtocol.Ssh, "git@host.example:contoso/app")]
    public void The_address_of_a_repository_is_parsed(string url, GitProtocol protocol, string text)
    {
        var repository = GitRepository.FromUrl(url);
        Assert.Equal(protocol, repository.Protocol);
        Assert.Equal(text, repository.ToString());
    }

    [Fact]
    public void The_checked_out_branch_commit_and_tags_are_read()
    {
        var commit = Commit("1.2.0");
        GitTasks.Git($"remote add origin https://github.com/contoso/app.git", Root, logOutput: false, logInvocation: false);
        (Root / "sub").CreateDirectory();

        var repository = GitRepository.FromLocalDirectory(Root / "sub");

        Assert.Equal("main", repository.Branch);
        Assert.Equal("refs/heads/main", repository.Head);
        Assert.Equal(commit, repository.Commit);
        Assert.Equal(["1.2.0"], repository.Tags);
        Assert.Equal("https://github.com/contoso/app.git", repository.HttpsUrl);
        Assert.Equal(commit, GitTasks.GitCurrentCommit(Root));
        Assert.True(GitTasks.GitHasCleanWorkingCopy(Root));
    }

    [Fact]
    public void A_folder_without_git_is_reported()
        => Assert.Contains("No parent Git directory", Assert.ThrowsAny<Exception>(() => GitRepository.FromLocalDirectory(Root)).Message);

    [Fact]
    public void The_version_comes_from_the_repository()
    {
        Commit("1.2.0");
        Assert.Contains("version 1.2.0", _build.Run("ShowsVersion").Logged);
        Commit(null);
        Assert.Contains("version 1.2.1-1", _build.Run("ShowsVersion").Logged);
    }

    [Fact]
    public void A_folder_without_git_has_no_version()
    {
        var run = _build.Run("ShowsVersion");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(["ShowsVersion Failed // ProcessException: Process 'dotnet' exited with code 1."], run.Summary);
        Assert.Contains("Cannot find the .git directory", run.Output);
    }

    [Theory]
    [InlineData("App.slnx", """
        <Solution>
          <Folder Name="/src/"><Project Path="src/App/App.csproj" /></Folder>
          <Folder Name="/tests/"><Project Path="tests/App.Tests/App.Tests.csproj" /></Folder>
          <Project Path="build/_build.csproj" />
        </Solution>
        """)]
    [InlineData("App.sln", """

        Microsoft Visual Studio Solution File, Format Version 12.00
        # Visual Studio Version 17
        Project("{2150E333-8FDC-42A3-9474-1A3956D46DE8}") = "src", "src", "{00000000-0000-0000-0000-000000000001}"
        EndProject
        Project("{2150E333-8FDC-42A3-9474-1A3956D46DE8}") = "tests", "tests", "{00000000-0000-0000-0000-000000000002}"
        EndProject
        Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "App", "src\App\App.csproj", "{00000000-0000-0000-0000-000000000003}"
        EndProject
        Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "App.Tests", "tests\App.Tests\App.Tests.csproj", "{00000000-0000-0000-0000-000000000004}"
        EndProject
        Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "_build", "build\_build.csproj", "{00000000-0000-0000-0000-000000000005}"
        EndProject
        Global
        	GlobalSection(NestedProjects) = preSolution
        		{00000000-0000-0000-0000-000000000003} = {00000000-0000-0000-0000-000000000001}
        		{00000000-0000-0000-0000-000000000004} = {00000000-0000-0000-0000-000000000002}
        	EndGlobalSection
        EndGlobal
        """)]
    public void A_solution_has_projects_in_folders(string name, string content)
    {
        var solution = (Root / name).WriteAllText(content).ReadSolution();

        Assert.Equal(Root / name, solution.Path);
        Assert.Equal(["App", "App.Tests", "_build"], solution.AllProjects.Select(x => x.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["_build"], solution.Projects.Select(x => x.Name));
        Assert.Equal(["App.Tests"], solution.GetAllProjects("*.Tests").Select(x => x.Name));
        Assert.Equal(Root / "src" / "App" / "App.csproj", solution.GetSolutionFolder("src").GetProject("App").Path);
        Assert.Same(solution.GetSolutionFolder("src"), solution.GetAllProjects("App").Single().Parent);
    }

    [Fact]
    public void A_missing_solution_is_reported()
        => Assert.Contains("does not exist", Assert.ThrowsAny<Exception>(() => (Root / "No.sln").ReadSolution()).Message);

    private string Commit(string? tag)
    {
        if (!(Root / ".git").DirectoryExists())
            Git("init --quiet --initial-branch main");
        (Root / ".gitignore").WriteAllText(".nuke/temp");
        Git("add .");
        Git("-c user.name=Tester -c user.email=tester@example.com -c commit.gpgsign=false commit --quiet --allow-empty -m commit");
        if (tag != null)
            Git($"tag {tag}");
        return GitTasks.GitCurrentCommit(Root);
    }

    private void Git(string arguments) => GitTasks.Git(arguments, Root, logOutput: false, logInvocation: false);
}
