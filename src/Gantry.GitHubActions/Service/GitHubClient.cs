using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gantry.Http;

namespace Gantry.GitHubActions.Service;

/// <summary>Sends requests to GitHub: with the token, with retries, and with errors as single sentences.</summary>
public sealed class GitHubClient : IDisposable
{
    private const string ApiVersion = "2022-11-28";
    private const int PageSize = 100;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly GitHubToken _token;
    private readonly Lazy<HttpTransport> _http;

    /// <summary>Creates a client; nothing is sent yet.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="token">The token.</param>
    /// <param name="time">The clock.</param>
    public GitHubClient(GitHubRepository repository, GitHubToken token, TimeProvider time)
    {
        Repository = repository;
        _token = token;
        _http = new(() => new HttpTransport(new HttpTransportOptions
        {
            TimeProvider = time,
            NoProgressTimeout = NoProgressTimeout,
            ResponseTimeout = NoProgressTimeout / 2,
            StallTimeout = NoProgressTimeout / 4,
            Retry = new HttpRetryOptions { ConnectAttempts = 5, Delay = TimeSpan.FromSeconds(1), MaximumDelay = TimeSpan.FromSeconds(30) },
            Log = Log,
            Notice = Notice,
        }));
    }

    /// <summary>The repository.</summary>
    public GitHubRepository Repository { get; }

    /// <summary>The time without an answer after which a request fails, over all its attempts.</summary>
    public TimeSpan NoProgressTimeout { get; init; } = Limits.NoProgress;

    /// <summary>Receives a line for people while an answer is awaited for long; null for none.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Receives one line about each request and retry; null for none.</summary>
    public Action<string>? Log { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    /// <summary>Returns the path of a resource of the repository, each part escaped.</summary>
    internal string PathOf(params IReadOnlyList<string> parts) =>
        string.Join('/', new[] { "repos", Repository.Owner, Repository.Name }.Concat(parts).Select(Uri.EscapeDataString));

    /// <summary>Sends a request and reads its answer, or throws <c>GAN9103</c> to <c>GAN9109</c>.</summary>
    internal async Task<T> SendAsync<T>(GitHubRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var body = await SendAsync(request, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw ServiceErrors.UnexpectedAnswer(request, "null");
        }
        catch (JsonException exception)
        {
            throw ServiceErrors.UnexpectedAnswer(request, $"no JSON of the expected form ({Format.OneLine(exception.Message)})");
        }
    }

    /// <summary>Reads the pages of a list until one is not full, or until there are enough items.</summary>
    internal async Task<IReadOnlyList<TItem>> ListAsync<TPage, TItem>(
        GitHubRequest request, JsonTypeInfo<TPage> type, Func<TPage, IReadOnlyList<TItem>?> items, int enough,
        CancellationToken cancellationToken)
    {
        var all = new List<TItem>();
        for (var page = 1; all.Count < enough; page++)
        {
            var query = request.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var paged = request with { Path = $"{request.Path}{query}per_page={PageSize}&page={page}" };
            var found = items(await SendAsync(paged, type, cancellationToken)) ?? [];
            all.AddRange(found);
            if (found.Count < PageSize)
                break;
        }

        return all;
    }

    /// <summary>Sends a request and returns the bytes of its answer, or throws <c>GAN9103</c> to <c>GAN9109</c>.</summary>
    internal Task<byte[]> SendAsync(GitHubRequest request, CancellationToken cancellationToken) => _http.Value.SendAsync(
        _ => new ValueTask<HttpRequestMessage>(Create(request)),
        failure => Failed(request, failure),
        async (answer, token) => Judge(request, answer, await answer.ReadBytesAsync(Limits.ListPageBytes, "answer", token)),
        cancellationToken);

    private HttpRequestMessage Create(GitHubRequest request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(Repository.Api, request.Path));
        message.Headers.Authorization = _token.Header;
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
        message.Headers.Add("X-GitHub-Api-Version", ApiVersion);
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("Gantry", null));
        if (request.Body is { } body)
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } };
        return message;
    }

    // Every request here may be repeated: those that write put a whole state, or create what exists once.
    private static Exception Failed(GitHubRequest request, HttpFailure failure)
    {
        if (failure.Kind == HttpFailureKind.TooLarge)
            return ServiceErrors.UnexpectedAnswer(request, $"more than {Format.Bytes(Limits.ListPageBytes)}");
        var error = ServiceErrors.Unreachable(
            failure.Host, failure.Exception is OperationCanceledException ? "it does not answer" : failure.Reason, failure.Exception!);
        return new TransientException(
            failure.Kind == HttpFailureKind.Unreachable ? FailureKind.Connect : FailureKind.Broken, error);
    }

    private byte[] Judge(GitHubRequest request, HttpAnswer answer, byte[] body)
    {
        var sentence = answer.IsSuccess ? null : GitHubError.Read(body);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent
                when body.Length == 0 || answer.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true:
                return body;
            case HttpStatusCode.SeeOther when request.MayExist:
                return [];
            case HttpStatusCode.Unauthorized:
                throw ServiceErrors.TokenRefused(Repository, _token, sentence);
            case HttpStatusCode.TooManyRequests:
            case HttpStatusCode.Forbidden when answer.RetryAfter is not null || answer.Header("x-ratelimit-remaining") == "0":
                var throttled = ServiceErrors.Throttled(request, answer.RetryAfter);
                throw answer.RetryAfter is { } pause && pause <= LongestPause
                    ? new TransientException(FailureKind.Broken, throttled, pause)
                    : throttled;
            case HttpStatusCode.Forbidden:
                throw ServiceErrors.Forbidden(request, _token, sentence);
            case HttpStatusCode.NotFound when sentence is not null:
                throw ServiceErrors.NotFound(request, _token);
            case >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout:
                throw new TransientException(
                    FailureKind.Broken, ServiceErrors.UnexpectedAnswer(request, $"HTTP {(int)answer.StatusCode}"));
            case >= HttpStatusCode.BadRequest when sentence is not null:
                throw ServiceErrors.Rejected(request, sentence, answer.StatusCode);
            default:
                throw ServiceErrors.UnexpectedAnswer(
                    request, $"HTTP {(int)answer.StatusCode}, {answer.MediaType ?? "no content type"}");
        }
    }
}
