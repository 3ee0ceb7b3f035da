using Gantry.Promotion;

namespace Gantry.GitHubActions.Service;

/// <summary>Reads who approved that a run deploys to its environment.</summary>
/// <seealso href="https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run">Review history</seealso>
public sealed class ApprovalReader(GitHubClient client)
{
    /// <summary>
    /// Reads the approvals of a run. What cannot be read is no error: GitHub has held the gates, and the answer says why it does not name
    /// the people.
    /// </summary>
    public async Task<ServiceApprovals> ReadAsync(VerifiedRun run, CancellationToken cancellationToken)
    {
        if (run is not { IsEnvironmentVerified: true, Environment: { } environment })
            return ServiceApprovals.NotRead("the deployments to the environment cannot be read");

        // The history of reviews has those of all attempts, and says neither the attempt nor the time.
        if (run.Attempt != 1)
            return ServiceApprovals.NotRead("GitHub does not say to which attempt of a repeated run they belong");
        try
        {
            var reviews = await client.SendAsync(
                new(
                    HttpMethod.Get, client.PathOf("actions", "runs", run.Id, "approvals"), $"read the approvals of the run {run.Id}",
                    "actions: read"),
                ServiceJson.Default.IReadOnlyListReviewDocument,
                cancellationToken);
            return ServiceApprovals.Of(reviews.OfType<ReviewDocument>().Where(review => IsOf(review, environment)).Select(review =>
                RecordedApproval.Of(review.User!.Login!, group: null, at: null, review.Comment)));
        }
        catch (GantryException error)
        {
            return ServiceApprovals.NotRead(error.Problem);
        }
    }

    private static bool IsOf(ReviewDocument review, string environment) =>
        review is { State: "approved", User.Login: { } login } && !string.IsNullOrWhiteSpace(login)
        && (review.Environments ?? []).Any(reviewed => environment.Equals(reviewed?.Name, StringComparison.OrdinalIgnoreCase));
}
