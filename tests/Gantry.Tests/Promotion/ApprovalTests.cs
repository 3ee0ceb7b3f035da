using System.Text;
using System.Text.Json;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Tests.Promotion;

/// <summary>The approvals that a service has recorded are part of the record of the gate.</summary>
public sealed class ApprovalTests
{
    private const string Service = "Azure Pipelines, environment dev";

    private static readonly RecordedApproval s_anna = RecordedApproval.Of(
        "Anna", @"[Contoso]\QA", new DateTimeOffset(2026, 1, 2, 4, 4, 5, 678, TimeSpan.FromHours(1)), "looks good");

    private readonly PromotionFixture _fixture = new();

    [Fact]
    public async Task Approvals_are_recorded_with_their_gate()
    {
        var (plan, release) = await PlanAsync(Gate.Approval("QA"), new TicketGate("CHG-7"));
        plan = plan.DelegateGatesTo(Service).WithApprovals(ServiceApprovals.Of([s_anna])).Approve("seen");

        await ApplyAsync(plan);

        var record = await RecordAsync(release);
        Assert.Equal(PromotionRecord.SchemaWithLinks, record.Schema);
        Assert.Equal((GateVerdict.Service, Service), (record.Gates[0].Verdict, record.Gates[0].Finding));
        var approval = Assert.Single(record.Gates[0].Approvals!);
        Assert.Equal(s_anna, approval);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), approval.At);
        Assert.Null(record.Gates[1].Approvals);
        Assert.Equal(
            $@"approval by QA: held by {Service}; approved by Anna for [Contoso]\QA at 2026-01-02 03:04 UTC: looks good",
            PromotionFormatter.Describe(plan.Gates[0]));
    }

    [Fact]
    public async Task Approvals_that_are_not_known_are_said_and_the_record_keeps_its_schema()
    {
        var (plan, release) = await PlanAsync(Gate.Approval("QA"));

        await ApplyAsync(plan.DelegateGatesTo(Service).WithApprovals(ServiceApprovals.NotRead("the token may not")));

        var record = await RecordAsync(release);
        Assert.Equal(PromotionRecord.SchemaWithoutLinks, record.Schema);
        Assert.Equal($"{Service}; its approvals could not be read: the token may not", record.Gates[0].Finding);
        Assert.Null(record.Gates[0].Approvals);
    }

    [Fact]
    public async Task A_gate_that_a_person_approved_has_no_approvals_of_the_service()
    {
        var (plan, _) = await PlanAsync(Gate.Approval("QA"));

        Assert.Empty(Assert.Single(plan.Approve("seen").WithApprovals(ServiceApprovals.Of([s_anna])).Gates).Approvals);
        Assert.Empty(Assert.Single(plan.WithApprovals(ServiceApprovals.Of([s_anna])).Gates).Approvals);
    }

    [Fact]
    public async Task A_hostile_comment_acts_nowhere()
    {
        var (plan, release) = await PlanAsync(Gate.Approval("QA"));
        var comment = "fine\n##vso[task.setvariable variable=x]y\u202e" + new string('x', 9000);
        var hostile = RecordedApproval.Of("Anna\u001b[2J", null, null, comment);
        plan = plan.DelegateGatesTo(Service).WithApprovals(ServiceApprovals.Of([hostile]));

        var line = PromotionFormatter.Describe(plan.Gates[0]);
        Assert.DoesNotContain(line, character => char.IsControl(character) || character == '\u202e');
        Assert.DoesNotContain("##vso[", line, StringComparison.Ordinal);
        Assert.True(line.Length < 2 * Limits.ApprovalCommentLength, line);

        await ApplyAsync(plan);
        Assert.Equal(hostile, Assert.Single((await RecordAsync(release)).Gates[0].Approvals!));
        Assert.Equal(Limits.ApprovalCommentLength + 1, hostile.Comment!.Length);
    }

    [Fact]
    public void A_signed_summary_with_approvals_is_read_again()
    {
        var summary = new VerificationSummary
        {
            Verifier = new Verifier { Id = "https://contoso.test" },
            TimeVerified = DateTimeOffset.UnixEpoch,
            ResourceUri = "oci://contoso.test/app",
            Policy = new ResourceDescriptor { Uri = "git+https://contoso.test" },
            VerificationResult = VerificationSummary.Passed,
            VerifiedLevels = [VerificationSummary.Promoted],
            Record = Record(s_anna),
        };

        var json = summary.ToJson();

        Assert.Equal(json, JsonSerializer.Deserialize(json, SummaryJson.Default.VerificationSummary)!.ToJson());
        Assert.Contains("\"at\":\"2026-01-02T03:04:05Z\"", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approvals in a schema without them", "\"schema\": 3", "\"schema\": 2")]
    [InlineData("approvals of a gate that a person approved", "\"service\"", "\"approved\"")]
    [InlineData("no person", "\"Anna\"", "\" \"")]
    [InlineData("an approval that is null", "\"approvals\": [", "\"approvals\": [null,")]
    [InlineData("a property that is not known", "\"by\": \"Anna\"", "\"by\": \"Anna\", \"vote\": 1")]
    public void An_invalid_approval_is_refused(string fault, string part, string replacement)
    {
        var json = Encoding.UTF8.GetString(Record(s_anna).ToJson());
        Assert.Equal(Record(s_anna).ToJson(), PromotionRecord.Read(Encoding.UTF8.GetBytes(json), "a record").ToJson());
        Assert.Contains(part, json, StringComparison.Ordinal);

        var error = Assert.Throws<GantryException>(() =>
            PromotionRecord.Read(Encoding.UTF8.GetBytes(json.Replace(part, replacement, StringComparison.Ordinal)), "a record"));

        Assert.True(error.Code == "GAN4045", $"{fault}: {error.Message}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Limits.RecordedApprovals + 1)]
    public void A_list_of_another_length_than_is_written_is_refused(int count) => Assert.Throws<GantryException>(() =>
        PromotionRecord.Read(Record([.. Enumerable.Repeat(s_anna, count)]).ToJson(), "a record"));

    private static PromotionRecord Record(params RecordedApproval[] approvals) => new()
    {
        Schema = PromotionRecord.SchemaWithLinks,
        Environment = "prod",
        Version = "1.4.2",
        Image = "app",
        Digest = Digest.Of("image"u8),
        Promoted = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        By = new() { Name = "Ben" },
        From = "contoso.azurecr.io/app",
        To = "contosoprod.azurecr.io/app",
        Gates = [new() { Gate = "approval by QA", Verdict = GateVerdict.Service, Finding = Service, Approvals = approvals }],
    };

    private async Task<(PromotionPlan Plan, Release Release)> PlanAsync(params Gate[] gates)
    {
        var release = await _fixture.PublishAsync("1.0.0", "app");
        return (await _fixture.PlanAsync(_fixture.Request(release).To(new("dev") { Gates = gates })), release);
    }

    private static async Task ApplyAsync(PromotionPlan plan) =>
        (await new Promoter().ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();

    private async Task<PromotionRecord> RecordAsync(Release release) => Assert.Single(
        await PromotionReferrer.FindAsync(_fixture.Dev["app"], release.Images[0].Digest, "dev", null, null, CancellationToken.None));
}
