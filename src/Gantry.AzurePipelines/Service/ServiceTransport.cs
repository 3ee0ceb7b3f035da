using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Gantry.AzurePipelines.Service;

/// <summary>Sends requests to Azure DevOps: with the credential, with retries, and with errors as single sentences.</summary>
internal sealed class ServiceTransport : IDisposable
{
    private const int LargestAnswer = 16 * 1024 * 1024;
    private const int Repetitions = 5;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly AzureDevOpsProject _project;
    private readonly IAzureDevOpsCredential _credential;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;
    private DateTimeOffset _notBefore;

    public ServiceTransport(AzureDevOpsProject project, IAzureDevOpsCredential credential, TimeProvider time, HttpMessageHandler? handler)
    {
        _project = project;
        _credential = credential;
        _time = time;
        // A redirect would send the token to another host, and a sign-in page would look like a response.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) }, disposeHandler: handler is null)
        {
            Timeout = RequestTimeout,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is TransientException),
                MaxRetryAttempts = Repetitions,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(30),
                DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as TransientException)?.Pause),
            })
            .Build();
    }

    public AzureDevOpsProject Project => _project;

    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request, or throws <c>GAN9043</c> to <c>GAN9049</c> or <c>GAN9057</c>.</summary>
    public async Task<ServiceResponse> SendAsync(ServiceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _retry.ExecuteAsync(async token => await TryAsync(request, token), cancellationToken);
        }
        catch (TransientException failure)
        {
            throw failure.Error;
        }
    }

    private async Task<ServiceResponse> TryAsync(ServiceRequest request, CancellationToken cancellationToken)
    {
        // The service also asks for a pause in successful responses, before it refuses requests.
        if (_notBefore - _time.GetUtcNow() is { Ticks: > 0 } pause)
            await Task.Delay(pause, _time, cancellationToken);

        using var message = await CreateAsync(request, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return Judge(request, response, body);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw ServiceErrors.UnexpectedAnswer(_project, request, $"more than {LargestAnswer / (1024 * 1024)} MiB");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var error = ServiceErrors.Unreachable(HostOf(request), exception is OperationCanceledException ? "it does not answer" : exception.GetBaseException().Message, exception);
            // Without a connection nothing was sent; otherwise only requests that are safe to repeat are sent again.
            throw request.IsRepeatable || exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
                ? new TransientException(error, null)
                : error;
        }
    }

    private async Task<HttpRequestMessage> CreateAsync(ServiceRequest request, CancellationToken cancellationToken)
    {
        var query = string.Join('&', request.Query.Append(("api-version", request.Version)).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"));
        var start = request.OfIdentities ? _project.Identities.AbsoluteUri : $"{_project.Organization.AbsoluteUri}{Uri.EscapeDataString(_project.Name)}/";
        var message = new HttpRequestMessage(request.Method, new Uri($"{start}{request.Path}?{query}"));
        message.Headers.Authorization = await _credential.GetAsync(cancellationToken);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("Gantry", null));
        // Otherwise the service redirects unauthenticated requests to a sign-in page.
        message.Headers.Add("X-TFS-FedAuthRedirect", "Suppress");
        if (request.Body is { } body)
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } };
        return message;
    }

    private ServiceResponse Judge(ServiceRequest request, HttpResponseMessage response, byte[] body)
    {
        var asked = PauseOf(response);
        var error = response.IsSuccessStatusCode ? null : ErrorDocument.Read(body);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent when body.Length == 0 || IsJson(response):
                if (asked is { } pause)
                    _notBefore = _time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
                return new(response.StatusCode, body, response.Headers.TryGetValues("x-ms-continuationtoken", out var tokens) ? tokens.FirstOrDefault(token => token.Length > 0) : null);
            case HttpStatusCode.Unauthorized or HttpStatusCode.NonAuthoritativeInformation:
            case HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect when LeadsToSignIn(response):
                throw ServiceErrors.TokenRefused(_project, _credential.Origin, response.StatusCode, error?.Sentence);
            case HttpStatusCode.Forbidden:
            case >= HttpStatusCode.BadRequest when IsDenial(error):
                throw ServiceErrors.Forbidden(request.Purpose, _credential.Origin, error?.Sentence);
            case var status when error is not null && request.ReadRefusals.Contains(status):
                return new(status, body, null);
            case HttpStatusCode.NotFound when error is null || error.TypeKey?.StartsWith("ProjectDoesNotExist", StringComparison.Ordinal) == true:
                throw ServiceErrors.ProjectNotFound(_project, error?.Sentence);
            case HttpStatusCode.NotFound:
                throw ServiceErrors.NotFound(request.Purpose, error.Sentence);
            case HttpStatusCode.Conflict:
                throw ServiceErrors.Changed(request.Purpose, error?.Sentence ?? "HTTP 409");
            case HttpStatusCode.TooManyRequests:
            case HttpStatusCode.ServiceUnavailable when asked is not null:
                var throttled = ServiceErrors.Throttled(_project, request.Purpose, asked);
                throw asked > LongestPause ? throttled : new TransientException(throttled, asked);
            case >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout when error?.TypeKey is null:
                var failed = ServiceErrors.UnexpectedAnswer(_project, request, $"HTTP {(int)response.StatusCode}");
                throw request.IsRepeatable ? new TransientException(failed, null) : failed;
            case >= HttpStatusCode.BadRequest when error is not null:
                throw ServiceErrors.Rejected(request.Purpose, error, response.StatusCode);
            default:
                throw ServiceErrors.UnexpectedAnswer(_project, request, $"HTTP {(int)response.StatusCode}, {response.Content.Headers.ContentType?.MediaType ?? "no content type"}");
        }
    }

    private string HostOf(ServiceRequest request) => (request.OfIdentities ? _project.Identities : _project.Organization).Authority;

    private TimeSpan? PauseOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - _time.GetUtcNow() : null;
        return asked is { Ticks: < 0 } ? TimeSpan.Zero : asked;
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    private static bool LeadsToSignIn(HttpResponseMessage response) =>
        response.Headers.Location?.OriginalString is { } location
        && (location.Contains("_signin", StringComparison.OrdinalIgnoreCase) || location.Contains("login.microsoftonline.com", StringComparison.OrdinalIgnoreCase));

    // Some resources report a missing permission with status 400 or 404.
    private static bool IsDenial(ErrorDocument? error) =>
        error?.TypeKey is "AccessDeniedException" or "UnauthorizedRequestException"
        || error?.Message?.Contains("doesn't have admin permission", StringComparison.OrdinalIgnoreCase) == true
        || error?.Message?.Contains("does not have required permissions", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>A failure that may pass with a retry. Never leaves this class.</summary>
    private sealed class TransientException(GantryException error, TimeSpan? pause) : Exception(error.Message, error)
    {
        public GantryException Error => error;

        public TimeSpan? Pause => pause;
    }
}
