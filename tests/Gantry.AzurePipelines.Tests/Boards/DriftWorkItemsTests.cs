using Gantry.AzurePipelines.Boards;
using Gantry.AzurePipelines.Tests.Fixtures;
using Gantry.Drift;
using Gantry.Status;
using Gantry.Testing;
using Gantry.Testing.AzureDevOps;

namespace Gantry.AzurePipelines.Tests.Boards;

/// <summary>Drift as one work item: opened, kept up to date and closed, with the work item as the only memory.</summary>
public sealed class DriftWorkItemsTests : IAsyncLifetime
{
    private const string Run = "https://dev.azure.com/contoso/Shop/_build/results?buildId=812";
    private static readonly string s_marker = DriftAlert.MarkerOf("https://dev.azure.com/contoso/Shop/_git/app");
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 3, 4, 5, TimeSpan.Zero);

    private AzureDevOpsFixture _fixture = null!;

    private FakeBoards Boards => _fixture.Project.Boards;

    public async Task InitializeAsync() => _fixture = await AzureDevOpsFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Drift_opens_one_work_item()
    {
        var alert = DriftAlert.WorkItem("Bug") with
        {
            AreaPath = @"Shop\Operations", IterationPath = "Shop", AssignedTo = "anna@contoso.com", Tags = ["on-call"],
        };

        var done = await ReportAsync(Drifted(Finding("app")), alert);

        var item = Assert.Single(Boards.Items);
        Assert.Equal((WorkItemChange.Opened, item.Id), (done.Change, done.Id!.Value));
        Assert.Equal($"{_fixture.Service.Organization}Shop/_workitems/edit/{item.Id}", done.Url);
        Assert.Equal(("Bug", "New", "Drift: 1 finding of drift in prod"), (item.Type, item.State, item.Title));
        Assert.Equal($"{s_marker}; on-call", item.Fields["System.Tags"]);
        Assert.Equal(@"Shop\Operations", item.Fields["System.AreaPath"]);
        Assert.Equal("anna@contoso.com", item.Fields["System.AssignedTo"]);
        var text = item.Fields["Microsoft.VSTS.TCM.ReproSteps"];
        Assert.Contains("GAN4500", text, StringComparison.Ordinal);
        Assert.Contains("<code>./build.sh PromoteProd --skip --release 1.4.2</code>", text, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"{Run}\">", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Description", item.Fields.Keys);
        Assert.Empty(item.Comments);
    }

    [Fact]
    public async Task The_same_drift_writes_nothing_again()
    {
        await ReportAsync(Drifted(Finding("app"), Finding("worker")));
        _fixture.Service.Writes.Clear();

        var again = await ReportAsync(Drifted(Finding("worker"), Finding("app")) with { AsOf = s_now.AddHours(1) });

        Assert.Equal((WorkItemChange.None, Boards.Items[0].Id), (again.Change, again.Id!.Value));
        Assert.Empty(_fixture.Service.Writes);
        Assert.Single(Boards.Items);
    }

    [Fact]
    public async Task Another_drift_updates_the_work_item_with_one_comment()
    {
        await ReportAsync(Drifted(Finding("app")));
        Boards.Items[0].Fields["System.State"] = "Active";
        var more = Drifted(Finding("app"), Finding("worker"));

        var done = await ReportAsync(more);
        var again = await ReportAsync(more);

        var item = Assert.Single(Boards.Items);
        Assert.Equal((WorkItemChange.Updated, WorkItemChange.None), (done.Change, again.Change));
        Assert.Equal(("Active", "Drift: 2 findings of drift in prod"), (item.State, item.Title));
        Assert.StartsWith("<p>The drift has changed.", Assert.Single(item.Comments), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bug", "Closed")]
    [InlineData("User Story", "Closed")]
    [InlineData("Issue", "Done")]
    public async Task Mended_drift_closes_the_work_item_in_the_state_of_its_process(string type, string state)
    {
        await ReportAsync(Drifted(Finding("app")), DriftAlert.WorkItem(type));

        var done = await ReportAsync(Settled());
        var again = await ReportAsync(Settled());

        var item = Assert.Single(Boards.Items);
        Assert.Equal((WorkItemChange.Closed, WorkItemChange.None), (done.Change, again.Change));
        Assert.Equal(state, item.State);
        Assert.StartsWith("<p>Mended:", Assert.Single(item.Comments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drift_after_a_closed_one_is_a_new_work_item()
    {
        await ReportAsync(Drifted(Finding("app")));
        await ReportAsync(Settled());

        await ReportAsync(Drifted(Finding("app")));

        Assert.Equal(["Closed", "New"], Boards.Items.Select(item => item.State));
    }

    [Fact]
    public async Task What_is_not_known_opens_and_closes_nothing()
    {
        await ReportAsync(Drifted(Finding("app")));
        _fixture.Service.Writes.Clear();

        var unknown = await ReportAsync(Report(Finding("app") with { Kind = StatusMarkKind.Unreadable, Code = "GAN2003" }));

        Assert.Equal(new WorkItemReport(WorkItemChange.None, null, null), unknown);
        Assert.Equal("New", Assert.Single(Boards.Items).State);
        Assert.Empty(_fixture.Service.Writes);
    }

    [Fact]
    public async Task A_person_may_change_type_title_and_tags_and_open_a_second_one()
    {
        await ReportAsync(Drifted(Finding("app")));
        var item = Boards.Items[0];
        (item.Type, item.Fields["System.State"]) = ("Issue", "Doing");
        item.Fields["System.Tags"] = $"urgent; {s_marker}";
        item.Fields["System.Description"] = item.Fields["Microsoft.VSTS.TCM.ReproSteps"];
        Boards.Items.Add(new FakeWorkItem(9000, "Bug")
        {
            Fields = { ["System.Title"] = "a copy", ["System.State"] = "New", ["System.Tags"] = s_marker },
        });
        Boards.Items.Add(new FakeWorkItem(9001, "Bug")
        {
            Fields = { ["System.Title"] = "of another build", ["System.State"] = "New", ["System.Tags"] = s_marker + "0" },
        });

        var same = await ReportAsync(Drifted(Finding("app")));
        await ReportAsync(Settled());

        Assert.Equal((WorkItemChange.None, item.Id), (same.Change, same.Id!.Value));
        Assert.Equal(["Done", "Closed", "New"], Boards.Items.Select(each => each.State));
    }

    [Theory]
    [InlineData("GAN4508", "", null)]
    [InlineData("GAN4508", "Bug/..", null)]
    [InlineData("GAN4520", "Endless", null)]
    [InlineData("GAN9045", "Nonsense", null)]
    [InlineData("GAN9049", "Bug", "Elsewhere")]
    public async Task A_declaration_that_does_not_fit_the_project_is_reported(string code, string type, string? area)
    {
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            ReportAsync(Drifted(Finding("app")), DriftAlert.WorkItem(type) with { AreaPath = area }));

        Assert.Equal(code, error.Code);
        Assert.Empty(Boards.Items);
    }

    [Fact]
    public async Task A_missing_right_or_scope_is_named()
    {
        Boards.DeniesSaving = true;
        var denied = await Assert.ThrowsAsync<GantryException>(() => ReportAsync(Drifted(Finding("app"))));
        Boards.LacksScope = true;
        var unscoped = await Assert.ThrowsAsync<GantryException>(() => ReportAsync(Drifted(Finding("app"))));

        Assert.Equal(("GAN9044", "GAN9043"), (denied.Code, unscoped.Code));
        Assert.Contains("'Edit work items in this node'", denied.Message, StringComparison.Ordinal);
        Assert.Contains("'Work Items (read & write)'", denied.Message, StringComparison.Ordinal);
        Assert.Empty(Boards.Items);
    }

    [Fact]
    public async Task A_work_item_that_was_changed_meanwhile_is_not_overwritten()
    {
        await ReportAsync(Drifted(Finding("app")));
        _fixture.Service.Intercept = context =>
        {
            if (context.Request.Method == "PATCH")
                Boards.Items[0].Rev++;
            return Task.FromResult(false);
        };

        var error = await Assert.ThrowsAsync<GantryException>(() => ReportAsync(Settled()));

        Assert.Equal(("GAN9057", "New"), (error.Code, Boards.Items[0].State));
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("</li></ul><script>alert(1)</script>")]
    [InlineData("\" onmouseover=\"alert(1)")]
    public async Task Hostile_text_is_no_markup(string text)
    {
        await ReportAsync(Drifted(Finding("app") with { Place = text, Problem = text, Command = text }));
        await ReportAsync(Drifted(Finding("app") with { Place = text, Problem = text + "2", Command = null, Remedy = text }));

        var item = Assert.Single(Boards.Items);
        foreach (var html in item.Comments.Append(item.Fields["Microsoft.VSTS.TCM.ReproSteps"]))
        {
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
            Assert.DoesNotContain("\" on", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Hostile_values_leave_only_text()
    {
        foreach (var (what, value) in HostileText.Values)
        {
            Boards.Items.Clear();
            await ReportAsync(Drifted(Finding("app") with { Place = value, Problem = value }));
            var item = Assert.Single(Boards.Items);
            Assert.True(HostileText.FindFault(item.Title + item.Fields["Microsoft.VSTS.TCM.ReproSteps"]) is not { } fault, $"{what}");
        }
    }

    [Fact]
    public async Task Many_findings_are_counted()
    {
        await ReportAsync(Drifted([.. Enumerable.Range(0, 70).Select(number => Finding($"image{number}"))]));

        Assert.Contains("And 20 more findings.", Boards.Items[0].Fields["Microsoft.VSTS.TCM.ReproSteps"], StringComparison.Ordinal);
    }

    private Task<WorkItemReport> ReportAsync(DriftReport report, WorkItemAlert? alert = null) =>
        new DriftWorkItems(_fixture.Client).ReportAsync(alert ?? DriftAlert.WorkItem(), report, s_marker, Run, default);

    private static DriftReport Settled() => Report();

    private static DriftReport Drifted(params DriftFinding[] findings) => Report(findings);

    private static DriftReport Report(params DriftFinding[] findings) => new()
    {
        AsOf = s_now,
        Places = [],
        Hosts = [],
        Findings = findings,
    };

    private static DriftFinding Finding(string image) => new()
    {
        Kind = StatusMarkKind.OtherOnHosts,
        Code = "GAN4500",
        Place = "prod",
        Image = image,
        Host = "App Service contoso-prod",
        Problem = $"App Service contoso-prod runs another {image}",
        Command = "./build.sh PromoteProd --skip --release 1.4.2",
    };
}
