using Gantry.Deployments;
using Gantry.Environments;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Drift;

/// <summary>
/// Reads what the hosts of all environments run, and compares it with what was promoted. Changes nothing. A host that cannot be read hides
/// no other one.
/// </summary>
/// <param name="deployers">The deployers. The first one that accepts a deployment reads its host, if it is an
/// <see cref="IHostReader"/>.</param>
/// <param name="probe">The client that runs health checks.</param>
/// <param name="variable">The environment variables that secrets are read from.</param>
public sealed class HostVerifier(IReadOnlyList<IDeployer> deployers, HealthProbe probe, Func<string, string?> variable) : IStatusSource
{
    private readonly HostReaders _readers = new(deployers, variable);

    /// <summary>
    /// The releases of the base registry. Where a tag was moved, they say what was promoted; without them, hosts of such an image are not
    /// compared.
    /// </summary>
    public BaseReleases? Base { get; init; }

    /// <summary>Reads all hosts and health checks.</summary>
    /// <param name="status">The status as the registries prove it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<HostVerification> VerifyAsync(FleetStatus status, CancellationToken cancellationToken)
    {
        var questions = status.Targets
            .SelectMany(target => HostsOf(status, target).Concat(ChecksOf(status, target)))
            .Concat(OverallChecksOf(status));
        var answers = await Concurrently.SelectAsync(questions, (ask, token) => ask(token), cancellationToken);
        return new HostVerification(
            [.. answers.Select(answer => answer.Host)], [.. answers.SelectMany(answer => answer.Findings)]);
    }

    /// <inheritdoc/>
    async Task<StatusAddition> IStatusSource.ReadAsync(FleetStatus status, CancellationToken cancellationToken) => new()
    {
        Marks = [.. (await VerifyAsync(status, cancellationToken)).Findings.Select(finding => finding.ToMark())],
    };

    private delegate Task<Answer> Question(CancellationToken cancellationToken);

    private sealed record Answer(HostComparison Host, IReadOnlyList<DriftFinding> Findings);

    private sealed record Subject(PromotionTarget Target, string Host, string? Image)
    {
        public Answer NotRead(string why) => new(Line(HostAgreement.NotRead) with { Note = why }, []);

        public Answer Unreadable(GantryException error) => new(
            Line(HostAgreement.Unreadable) with { Note = error.Problem },
            [DriftFinding.OfHost(StatusMarkKind.Unreadable, Target, Host, Image, error)]);

        public HostComparison Line(HostAgreement agreement) =>
            new() { Place = Target.DisplayName, Host = Host, Image = Image, Agreement = agreement };
    }

    private IEnumerable<Question> HostsOf(FleetStatus status, PromotionTarget target)
    {
        var cells = status.Cells.Where(cell => cell.Target == target && cell.Version is not null).ToList();
        foreach (var deployment in HostReaders.DeploymentsOf(target))
        {
            var host = new Subject(target, deployment.Description, deployment.Image);
            var (reader, notRead, error) = Find(deployment, target);
            if (error is not null)
                yield return Always(host.Unreadable(error));
            else if (reader is null)
                yield return Always(host.NotRead(notRead!));
            else if (cells.Count == 0)
                yield return Always(host.NotRead("nothing is promoted there"));
            else
                foreach (var question in ImagesOf(deployment, reader, host, cells))
                    yield return question;
        }
    }

    private (IHostReader? Reader, string? NotRead, GantryException? Error) Find(Deployment deployment, PromotionTarget target)
    {
        try
        {
            var (reader, notRead) = _readers.Find(deployment, target);
            return (reader, notRead, null);
        }
        catch (GantryException error)
        {
            return (null, null, error);
        }
    }

    private IEnumerable<Question> ImagesOf(
        Deployment deployment, IHostReader reader, Subject host, List<StatusCell> cells)
    {
        if (deployment.Image is null && !deployment.IsForAll && cells.Count > 1)
        {
            yield return Always(host.Unreadable(
                DeploymentErrors.ImageNotSpecified(deployment.Description, cells.Select(cell => cell.Image))));
            yield break;
        }

        var wanted = cells.Where(cell => deployment.Image is null || cell.Image == deployment.Image).ToList();
        if (wanted.Count == 0)
            yield return Always(host.NotRead($"{deployment.Image} is not promoted there"));
        foreach (var cell in wanted)
            yield return token => AskAsync(deployment, reader, host with { Image = cell.Image }, cell, token);
    }

    private async Task<Answer> AskAsync(
        Deployment deployment, IHostReader reader, Subject host, StatusCell cell, CancellationToken cancellationToken)
    {
        try
        {
            var reading = await reader.ReadAsync(new HostQuery(deployment, host.Target, cell.Image), cancellationToken);
            if (await FindPromotedAsync(cell, cancellationToken) is not { } digest)
                return new Answer(
                    host.Line(HostAgreement.NotRead) with
                    {
                        Found = [.. reading.Images.Select(image => image.Reference)],
                        Note = "not compared: the tag of the release was moved, and nothing says what was promoted",
                    },
                    []);
            var (line, findings) = new HostImageComparison(host.Target, host.Host, cell, digest).Compare(reading);
            return new Answer(line, findings);
        }
        catch (GantryException error)
        {
            return host.Unreadable(error);
        }
    }

    // A tag that was moved says nothing about what was promoted.
    private async Task<Digest?> FindPromotedAsync(StatusCell cell, CancellationToken cancellationToken)
    {
        if (cell.Promotion is { } promotion && promotion.Image == cell.Image)
            return promotion.Digest;
        if (cell.Marks.All(mark => mark.Kind != StatusMarkKind.MovedTag))
            return cell.Digest;
        if (Base is null)
            return null;
        try
        {
            return (await Base.FindAsync(cell.Version!, cancellationToken)).Images
                .FirstOrDefault(image => image.Name == cell.Image)?.Digest;
        }
        catch (GantryException)
        {
            // The status reports it.
            return null;
        }
    }

    private IEnumerable<Question> ChecksOf(FleetStatus status, PromotionTarget target) =>
        target.Environment.HealthChecks
            .Where(check => check.Version is not null && check.Region == target.Region)
            .Select(check => (Question)(token => AskAsync(check, target, VersionsAt(status, [target]), token)));

    // The address in front of all regions answers from any of them.
    private IEnumerable<Question> OverallChecksOf(FleetStatus status) =>
        status.Targets
            .Where(target => target.Region is not null)
            .GroupBy(target => target.Environment)
            .SelectMany(regions => regions.Key.HealthChecks
                .Where(check => check.Version is not null && check.Region is null)
                .Select(check => (Question)(token => AskAsync(
                    check, regions.First() with { Region = null }, VersionsAt(status, [.. regions]), token))));

    private static IReadOnlyList<string> VersionsAt(FleetStatus status, IReadOnlyList<PromotionTarget> targets) =>
        [.. status.Cells.Where(cell => targets.Contains(cell.Target)).Select(cell => cell.Version).OfType<string>().Distinct()];

    private async Task<Answer> AskAsync(
        HealthCheck check, PromotionTarget target, IReadOnlyList<string> promoted, CancellationToken cancellationToken)
    {
        var host = new Subject(target, check.Description, Image: null);
        if (target.Address is not HostAddress && !HookAddress.IsOnThisMachine(check.Url, variable))
            return host.NotRead(HostReaders.Local);
        if (promoted.Count == 0)
            return host.NotRead("nothing is promoted there");
        try
        {
            var reading = await probe.ReadAsync(check, cancellationToken);
            if (reading.Version is not { } version)
                return host.Unreadable(DriftErrors.NoVersion(check.Description, target.DisplayName, reading.Seen));
            var isRight = promoted.Any(each => ReportedVersion.AreSame(version, each));
            var line = host.Line(isRight ? HostAgreement.AsPromoted : HostAgreement.Different) with
            {
                Expected = string.Join(" or ", promoted),
                Found = [reading.Seen],
            };
            return new Answer(line, isRight ? [] :
            [
                DriftFinding.OfHost(
                    StatusMarkKind.OtherOnHosts, target, host.Host, image: null,
                    DriftErrors.OtherVersion(check.Description, target.DisplayName, reading.Seen, line.Expected)) with
                {
                    Expected = line.Expected,
                    Found = reading.Seen,
                    Command = HostImageComparison.Command(target, promoted[0]),
                },
            ]);
        }
        catch (GantryException error)
        {
            return host.Unreadable(error);
        }
    }

    private static Question Always(Answer answer) => _ => Task.FromResult(answer);
}
