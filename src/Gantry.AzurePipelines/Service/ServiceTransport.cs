using System.Net;
using System.Net.Http.Headers;
using Gantry.Http;

namespace Gantry.AzurePipelines.Service;

/// <summary>Sends requests to Azure DevOps: with the credential, with retries, and with errors as single sentences.</summary>
internal sealed class ServiceTransport : IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly AzureDevOpsProject _project;
    private readonly IAzureDevOpsCredential _credential;
    private readonly Lazy<HttpTransport> _http;

    public ServiceTransport(AzureDevOpsProject project, IAzureDevOpsCredential credential, TimeProvider time, HttpMessageHandler? handler)
    {
        _project = project;
        _credential = credential;
        _http = new(() => new HttpTransport(new HttpTransportOptions
        {
            Handler = handler,
            TimeProvider = time,
            NoProgressTimeout = NoProgressTimeout,
            ResponseTimeout = RequestTimeout ?? NoProgressTimeout / 2,
            StallTimeout = RequestTimeout ?? NoProgressTimeout / 4,
            Retry = new HttpRetryOptions { ConnectAttempts = 5, Delay = TimeSpan.FromSeconds(1), MaximumDelay = TimeSpan.FromSeconds(30) },
            Log = Log,
            Notice = Notice,
        }));
    }

    /// <summary>The time without an answer after which a request fails, over all its attempts.</summary>
    public TimeSpan NoProgressTimeout { get; set; } = Limits.NoProgress;

    /// <summary>The time limit for an answer, in one attempt; null for half of the time without an answer.</summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Receives a line for people while an answer is awaited for long; null for none.</summary>
    public Action<string>? Notice { get; set; }

    /// <summary>Receives one line about each request and retry; null for none.</summary>
    public Action<string>? Log { get; set; }

    public AzureDevOpsProject Project => _project;

    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    /// <summary>Sends a request, or throws <c>GAN9043</c> to <c>GAN9049</c> or <c>GAN9057</c>.</summary>
    public Task<ServiceResponse> SendAsync(ServiceRequest request, CancellationToken cancellationToken) => _http.Value.SendAsync(
        token => CreateAsync(request, token),
        failure => Failed(request, failure),
        async (answer, token) => Judge(request, answer, await answer.ReadBytesAsync(Limits.ListPageBytes, "answer", token)),
        cancellationToken);

    private Exception Failed(ServiceRequest request, HttpFailure failure)
    {
        if (failure.Kind == HttpFailureKind.TooLarge)
            return ServiceErrors.UnexpectedAnswer(_project, request, $"more than {Format.Bytes(Limits.ListPageBytes)}");
        var error = ServiceErrors.Unreachable(
            failure.Host, failure.Exception is OperationCanceledException ? "it does not answer" : failure.Reason, failure.Exception!);
        var kind = failure.Kind == HttpFailureKind.Unreachable ? FailureKind.Connect : FailureKind.Broken;

        // Without a connection nothing was sent; otherwise only requests that are safe to repeat are sent again.
        return request.IsRepeatable || kind == FailureKind.Connect ? new TransientException(kind, error) : error;
    }

    private async ValueTask<HttpRequestMessage> CreateAsync(ServiceRequest request, CancellationToken cancellationToken)
    {
        var query = string.Join(
            '&', request.Query.Append(("api-version", request.Version)).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"));
        var start = request.OfIdentities
            ? _project.Identities.AbsoluteUri
            : $"{_project.Organization.AbsoluteUri}{Uri.EscapeDataString(request.Project ?? _project.Name)}/";
        var message = new HttpRequestMessage(request.Method, new Uri($"{start}{request.Path}?{query}"));
        message.Headers.Authorization = await _credential.GetAsync(cancellationToken);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("Gantry", null));
        // Otherwise the service redirects unauthenticated requests to a sign-in page.
        message.Headers.Add("X-TFS-FedAuthRedirect", "Suppress");
        if (request.Body is { } body)
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new(request.BodyType) { CharSet = "utf-8" } } };
        return message;
    }

    private ServiceResponse Judge(ServiceRequest request, HttpAnswer response, byte[] body)
    {
        var asked = response.RetryAfter;
        var error = response.IsSuccess ? null : ErrorDocument.Read(body);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent when body.Length == 0 || IsJson(response):
                if (asked is { } pause)
                    response.Pause(pause < LongestPause ? pause : LongestPause);
                return new(
                    response.StatusCode,
                    body,
                    response.Header("x-ms-continuationtoken") is { Length: > 0 } continuation ? continuation : null);
            case HttpStatusCode.Unauthorized or HttpStatusCode.NonAuthoritativeInformation:
            case HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect when LeadsToSignIn(response):
                throw ServiceErrors.TokenRefused(_project, _credential.Origin, response.StatusCode, error?.Sentence);
            case HttpStatusCode.Forbidden:
            case >= HttpStatusCode.BadRequest when IsDenial(error):
                throw ServiceErrors.Forbidden(request.Purpose, _credential.Origin, error?.Sentence);
            case var status when error is not null && request.ReadRefusals.Contains(status):
                return new(status, body, null);
            case HttpStatusCode.NotFound
                when error is null || error.TypeKey?.StartsWith("ProjectDoesNotExist", StringComparison.Ordinal) == true:
                throw ServiceErrors.ProjectNotFound(_project, error?.Sentence);
            case HttpStatusCode.NotFound:
                throw ServiceErrors.NotFound(request.Purpose, error.Sentence);
            case HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed:
                throw ServiceErrors.Changed(request.Purpose, error?.Sentence ?? $"HTTP {(int)response.StatusCode}");
            case HttpStatusCode.TooManyRequests:
            case HttpStatusCode.ServiceUnavailable when asked is not null:
                var throttled = ServiceErrors.Throttled(_project, request.Purpose, asked);
                throw asked > LongestPause ? throttled : new TransientException(FailureKind.Broken, throttled, asked);
            case >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout when error?.TypeKey is null:
                var failed = ServiceErrors.UnexpectedAnswer(_project, request, $"HTTP {(int)response.StatusCode}");
                throw request.IsRepeatable ? new TransientException(FailureKind.Broken, failed) : failed;
            case >= HttpStatusCode.BadRequest when error is not null:
                throw ServiceErrors.Rejected(request.Purpose, error, response.StatusCode);
            default:
                throw ServiceErrors.UnexpectedAnswer(
                    _project, request, $"HTTP {(int)response.StatusCode}, {response.MediaType ?? "no content type"}");
        }
    }

    private static bool IsJson(HttpAnswer response) =>
        response.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    private static bool LeadsToSignIn(HttpAnswer response) =>
        response.Header("Location") is { } location
        && (location.Contains("_signin", StringComparison.OrdinalIgnoreCase)
            || location.Contains("login.microsoftonline.com", StringComparison.OrdinalIgnoreCase));

    // Some resources report a missing permission with status 400 or 404.
    private static bool IsDenial(ErrorDocument? error) =>
        error?.TypeKey is "AccessDeniedException" or "UnauthorizedRequestException"
        || error?.Message?.Contains("doesn't have admin permission", StringComparison.OrdinalIgnoreCase) == true
        || error?.Message?.Contains("does not have permissions to save work items", StringComparison.OrdinalIgnoreCase) == true
        || error?.Message?.Contains("does not have required permissions", StringComparison.OrdinalIgnoreCase) == true;
}
