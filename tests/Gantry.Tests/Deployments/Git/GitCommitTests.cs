using System.Text;
using Gantry.Deployments;
using Gantry.Deployments.Git;
using Gantry.Environments;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Deployments.Git;

/// <summary>Commits to a real repository, with the git of this machine.</summary>
public sealed class GitCommitTests : IAsyncLifetime
{
    private const string Kustomization =
        "# production\nimages:\n- name: app # the shop\n  newTag: 1.4.1\n- name: worker\nresources: [../../base]\n";
    private const string Path = "overlays/prod/kustomization.yaml";
    private readonly TempFolder _folder = new();

    public async Task InitializeAsync()
    {
        await GitAsync(_folder.Path, "init", "--quiet", "--bare", "--initial-branch", "main", "deploy.git");
        await CommitByHandAsync("first", Path, Kustomization);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_digest_is_committed_once()
    {
        var order = SampleOrders.Order(Overlay);

        var before = await DeployerOf().InspectAsync(order, CancellationToken.None);
        var done = await DeployerOf().DeployAsync(order, CancellationToken.None);
        var head = await GitAsync(Origin, "rev-parse", "main");
        var again = await DeployerOf().DeployAsync(order, CancellationToken.None);
        var after = await DeployerOf().InspectAsync(order, CancellationToken.None);

        Assert.Equal(new HostState("app:1.4.1", IsCurrent: false), before);
        Assert.Equal("committed " + head, done);
        Assert.Equal("overlays/prod/kustomization.yaml is up to date already", again);
        Assert.Equal(new HostState($"contosoprod.azurecr.io/team/app:1.4.2@{SampleOrders.Digest}", IsCurrent: true), after);
        Assert.Equal(head, await GitAsync(Origin, "rev-parse", "main"));
        Assert.Equal(
            "# production\nimages:\n- name: app # the shop\n  newTag: 1.4.2\n  newName: contosoprod.azurecr.io/team/app\n"
                + $"  digest: {SampleOrders.Digest}\n- name: worker\nresources: [../../base]",
            await GitAsync(Origin, "show", "main:" + Path));
        Assert.Equal(
            $"Gantry <gantry@localhost>\napp 1.4.2 to prod\n\ncontosoprod.azurecr.io/team/app@{SampleOrders.Digest}\n\nRelease: 1.4.2\n"
            + "Commit: 0123456789abcdef0123456789abcdef01234567\n"
            + "Build: https://dev.azure.com/contoso/shop/_build/results?buildId=77",
            await GitAsync(Origin, "log", "-1", "--format=%an <%ae>%n%B", "main"));
        Assert.Equal(Path, await GitAsync(Origin, "diff", "--name-only", "main~", "main"));
    }

    [Fact]
    public async Task A_values_file_on_another_branch_is_committed()
    {
        await CommitByHandAsync("values", "charts/app/values.yaml", "image:\n  digest: sha256:0\n", "release/prod");
        var deployment = Deployment.HelmValuesCommit(Address, "charts/app/values.yaml") with
        {
            Branch = "release/prod",
            AuthorName = "Contoso Build",
            AuthorEmail = "build@contoso.com",
        };
        var main = await GitAsync(Origin, "rev-parse", "main");

        await DeployerOf().DeployAsync(SampleOrders.Order(deployment), CancellationToken.None);

        Assert.Equal($"image:\n  digest: {SampleOrders.Digest}", await GitAsync(Origin, "show", "release/prod:charts/app/values.yaml"));
        Assert.Equal("Contoso Build <build@contoso.com>", await GitAsync(Origin, "log", "-1", "--format=%cn <%ce>", "release/prod"));
        Assert.Equal(main, await GitAsync(Origin, "rev-parse", "main"));
    }

    [Fact]
    public async Task The_image_of_a_kustomization_is_read_without_a_release()
    {
        var before = await ReadAsync(Overlay);
        await DeployerOf().DeployAsync(SampleOrders.Order(Overlay), CancellationToken.None);
        var after = await ReadAsync(Overlay);

        Assert.Equal("app:1.4.1", Assert.Single(before.Images).Reference);
        Assert.Null(before.Images[0].Digest);
        Assert.Equal(SampleOrders.Digest, Assert.Single(after.Images).Digest);
        Assert.Equal("contosoprod.azurecr.io/team/app", after.Images[0].Repository);
        await SampleOrders.AssertErrorAsync("GAN4085", () => ReadAsync(Overlay with { Entry = "other" }));
    }

    [Theory]
    [InlineData("image: { digest: 'D' }", null, null, "D")]
    [InlineData("image: { digest: 'D', repository: r.io/app }", "image.repository", null, "r.io/app@D")]
    [InlineData("image: { digest: 'D', repository: r.io/app, tag: 1.4.2 }", "image.repository", "image.tag", "r.io/app:1.4.2@D")]
    [InlineData("image: { digest: '', repository: r.io/app, tag: 1.4.2 }", "image.repository", "image.tag", "r.io/app:1.4.2")]
    [InlineData("image: { digest: '' }", null, null, null)]
    public async Task The_image_of_a_values_file_is_read_without_a_release(string text, string? repository, string? tag, string? read)
    {
        await CommitByHandAsync("values", "values.yaml", text.Replace("D", SampleOrders.Digest.ToString(), StringComparison.Ordinal));

        var values = Deployment.HelmValuesCommit(Address, "values.yaml") with { RepositoryKey = repository, TagKey = tag };
        var reading = await ReadAsync(values);

        Assert.Equal(
            read?.Replace("D", SampleOrders.Digest.ToString(), StringComparison.Ordinal),
            reading.Images.SingleOrDefault()?.Reference);
        Assert.Equal(read?.Contains('D') == true ? SampleOrders.Digest : null, reading.Images.SingleOrDefault()?.Digest);
    }

    private static Task<HostReading> ReadAsync(GitCommitDeployment deployment) =>
        DeployerOf().ReadAsync(new HostQuery(deployment, SampleOrders.Order(deployment).Target, "app"), CancellationToken.None);

    [Fact]
    public async Task Concurrent_pushes_all_succeed()
    {
        var names = new[] { "app", "worker", "job" };
        await CommitByHandAsync("three", Path, "images:\n- name: app\n- name: worker\n- name: job\n");
        var release = SampleOrders.Release("1.4.2", names);

        await Task.WhenAll(names.Select(name =>
            DeployerOf().DeployAsync(SampleOrders.Order(Overlay with { Image = name }, release, image: name), CancellationToken.None)));

        var text = await GitAsync(Origin, "show", "main:" + Path);
        Assert.Equal(3, text.Split(SampleOrders.Digest.ToString()).Length - 1);
        Assert.Equal("5", await GitAsync(Origin, "rev-list", "--count", "main"));
    }

    [UnixFact]
    public async Task A_push_that_lost_a_race_is_repeated_with_a_new_commit()
    {
        // Another commit is pushed during the first push.
        await CommitByHandAsync("theirs", "other.txt", "x", "theirs");
        Hook(
            "pre-receive", "[ -e raced ] || { touch raced; env -u GIT_QUARANTINE_PATH git update-ref refs/heads/main refs/heads/theirs; }");

        await DeployerOf().DeployAsync(SampleOrders.Order(Overlay), CancellationToken.None);

        Assert.Equal("app 1.4.2 to prod|theirs|first", (await GitAsync(Origin, "log", "--format=%s", "main")).Replace('\n', '|'));
    }

    [UnixFact]
    public async Task A_push_that_lost_a_race_in_Azure_Repos_is_repeated()
    {
        Hook(
            "pre-receive",
            "[ -e raced ] || { touch raced; echo \"TF401028: The reference 'refs/heads/main' has already been updated by another client, "
                + "so you cannot update it. Please try again.\" >&2; exit 1; }");

        await DeployerOf().DeployAsync(SampleOrders.Order(Overlay), CancellationToken.None);

        Assert.Equal("app 1.4.2 to prod|first", (await GitAsync(Origin, "log", "--format=%s", "main")).Replace('\n', '|'));
    }

    [Theory]
    [InlineData("\uFEFF# Größe\r\nimage:\r\n  digest: sha256:0\r\n")]
    [InlineData("\uFEFFimage:\n  digest: sha256:0\nother: 1\n")]
    [InlineData("image: {digest: sha256:0}")]
    public async Task Everything_but_the_value_stays_byte_for_byte(string text)
    {
        await CommitByHandAsync("values", "values.yaml", text);

        await DeployerOf().DeployAsync(SampleOrders.Order(Deployment.HelmValuesCommit(Address, "values.yaml")), CancellationToken.None);

        var clone = await CloneAsync();
        Assert.Equal(
            Encoding.UTF8.GetBytes(text.Replace("sha256:0", SampleOrders.Digest.ToString(), StringComparison.Ordinal)),
            await File.ReadAllBytesAsync(System.IO.Path.Combine(clone, "values.yaml")));
    }

    [Fact]
    public async Task A_file_that_is_not_UTF_8_is_reported_and_not_changed()
    {
        var clone = await CloneAsync();
        await File.WriteAllBytesAsync(
            System.IO.Path.Combine(clone, "values.yaml"),
            [.. "# Gr"u8, 0xF6, .. "sse\nimage:\n  digest: sha256:0\n"u8]);
        await CommitAndPushAsync(clone, "values");

        var error = await SampleOrders.AssertErrorAsync("GAN4084", () =>
            DeployerOf().DeployAsync(SampleOrders.Order(Deployment.HelmValuesCommit(Address, "values.yaml")), CancellationToken.None));

        Assert.Contains("values.yaml cannot be read as YAML: it is not UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Equal("2", await GitAsync(Origin, "rev-list", "--count", "main"));
    }

    [UnixFact]
    public async Task A_refused_push_is_reported_with_the_reason_of_the_server()
    {
        Hook("pre-receive", "echo 'TF402455: Pushes to this branch are not permitted; you must use a pull request' >&2; exit 1");

        var error = await SampleOrders.AssertErrorAsync(
            "GAN4088", () => DeployerOf().DeployAsync(SampleOrders.Order(Overlay), CancellationToken.None));

        Assert.Contains("Pushes to this branch are not permitted", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", await GitAsync(Origin, "rev-list", "--count", "main"));
    }

    public static TheoryData<string, string, Func<string, GitCommitDeployment>> Faults => new()
    {
        { "GAN4081", "no repository", address => Deployment.KustomizeCommit(address + "x", "overlays/prod") },
        { "GAN4082", "no branch", address => Deployment.KustomizeCommit(address, "overlays/prod") with { Branch = "release" } },
        { "GAN4083", "no folder", address => Deployment.KustomizeCommit(address, "overlays/test") },
        { "GAN4083", "no file", address => Deployment.HelmValuesCommit(address, "overlays/prod/values.yaml") },
        { "GAN4083", "a folder for a values file", address => Deployment.HelmValuesCommit(address, "overlays/prod") },
        { "GAN4085", "no such image", address => Deployment.KustomizeCommit(address, "overlays/prod") with { Entry = "other" } },
        { "GAN4086", "no such value", address => Deployment.HelmValuesCommit(address, Path, "image.digest") },
        { "GAN4080", "nobody there", _ => Deployment.KustomizeCommit($"http://127.0.0.1:{FreePort.Find()}/deploy", "overlays/prod") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Faults_are_found_before_the_promotion(string code, string fault, Func<string, GitCommitDeployment> deployment)
    {
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            DeployerOf().InspectAsync(SampleOrders.Order(deployment(Address)), CancellationToken.None));
        Assert.True(code == error.Code, $"{fault}: {error.Message}");
    }

    [UnixFact]
    public async Task A_link_is_not_followed()
    {
        var clone = await CloneAsync();
        Directory.CreateDirectory(System.IO.Path.Combine(clone, "overlays/link"));
        File.WriteAllText(_folder.Combine("outside.yaml"), Kustomization);
        File.CreateSymbolicLink(System.IO.Path.Combine(clone, "overlays/link/kustomization.yaml"), _folder.Combine("outside.yaml"));
        await CommitAndPushAsync(clone, "link");

        await SampleOrders.AssertErrorAsync("GAN4083", () =>
            DeployerOf().DeployAsync(SampleOrders.Order(Deployment.KustomizeCommit(Address, "overlays/link")), CancellationToken.None));

        Assert.Equal(Kustomization, File.ReadAllText(_folder.Combine("outside.yaml")));
    }

    [Fact]
    public async Task A_token_is_sent_to_its_host_only()
    {
        await using var other = await LoopbackServer.StartAsync(new LoopbackResponse(200));
        await using var host = await LoopbackServer.StartAsync(
            new LoopbackResponse(302) { Headers = new Dictionary<string, string> { ["Location"] = other.Address + "deploy/info/refs" } });
        var deployment = Deployment.KustomizeCommit(host.Address + "deploy", "overlays/prod") with { Token = "$(System.AccessToken)" };
        var deployer = new GitCommitDeployer(new AutoAdvancingTime(), SampleOrders.Variables(("SYSTEM_ACCESSTOKEN", "hidden")));

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            deployer.InspectAsync(SampleOrders.Order(deployment), CancellationToken.None));

        Assert.Equal("Basic " + Convert.ToBase64String("gantry:hidden"u8), host.Requests[0].Headers["Authorization"]);
        Assert.Empty(other.Requests);
        Assert.DoesNotContain("hidden", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "GAN4081", 1)]
    [InlineData(403, "GAN4081", 1)]
    [InlineData(404, "GAN4081", 1)]
    [InlineData(503, "GAN4080", 5)]
    public async Task A_refusal_is_reported_and_a_server_error_is_retried(int status, string code, int requests)
    {
        await using var host = await LoopbackServer.StartAsync(new LoopbackResponse(status));

        await SampleOrders.AssertErrorAsync(code, () => DeployerOf().InspectAsync(
            SampleOrders.Order(Deployment.KustomizeCommit(host.Address + "deploy", "overlays/prod")), CancellationToken.None));

        Assert.Equal(requests, host.Requests.Count);
    }

    [Fact]
    public Task A_missing_token_is_reported() => SampleOrders.AssertErrorAsync(
        "GAN4073",
        () => DeployerOf().InspectAsync(
            SampleOrders.Order(Deployment.KustomizeCommit("https://dev.azure.com/contoso/_git/deploy", "prod") with { Token = "$(TOKEN)" }),
            CancellationToken.None));

    [KubectlFact]
    public async Task Kustomize_renders_the_promoted_digest()
    {
        await CommitByHandAsync(
            "workload",
            "overlays/prod/deployment.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\nspec:\n  template:\n    spec:\n      containers:\n"
                + "      - name: web\n        image: app\n");
        await CommitByHandAsync("overlay", Path, Kustomization.Replace("../../base", "deployment.yaml", StringComparison.Ordinal));

        await DeployerOf().DeployAsync(SampleOrders.Order(Overlay), CancellationToken.None);

        var rendered = await ChildProcess.RunAsync(
            RequiredProgram.Kubectl.RequirePath(), ["kustomize", System.IO.Path.Combine(await CloneAsync(), "overlays/prod")]);
        Assert.Matches($"image: contosoprod.azurecr.io/team/app(:1.4.2)?@{SampleOrders.Digest}", rendered.EnsureSuccess().Output);
    }

    private string Origin => _folder.Combine("deploy.git");

    private string Address => new Uri(Origin).AbsoluteUri;

    private KustomizeCommitDeployment Overlay => Deployment.KustomizeCommit(Address, "overlays/prod");

    private static GitCommitDeployer DeployerOf() => new(new AutoAdvancingTime(), _ => null);

    private static async Task<string> GitAsync(string folder, params IEnumerable<string> arguments) =>
        (await ChildProcess.RunAsync(
            "git", ["-C", folder, "-c", "user.name=Test", "-c", "user.email=test@contoso.com", .. arguments])).EnsureSuccess()
            .Output.TrimEnd('\n');

    private void Hook(string name, string script) => _folder.WriteScript($"deploy.git/hooks/{name}", script);

    private async Task<string> CloneAsync()
    {
        var clone = _folder.Combine(Guid.NewGuid().ToString("N"));
        await GitAsync(_folder.Path, "clone", "--quiet", Origin, clone);
        return clone;
    }

    private async Task CommitByHandAsync(string message, string file, string text, string branch = "main")
    {
        var clone = await CloneAsync();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(clone, file))!);
        await File.WriteAllTextAsync(System.IO.Path.Combine(clone, file), text);
        await CommitAndPushAsync(clone, message, branch);
    }

    private static async Task CommitAndPushAsync(string clone, string message, string branch = "main")
    {
        await GitAsync(clone, "add", "--all");
        await GitAsync(clone, "commit", "--quiet", "--message", message);
        await GitAsync(clone, "push", "--quiet", "origin", "HEAD:refs/heads/" + branch);
    }
}
