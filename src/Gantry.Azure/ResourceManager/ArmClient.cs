using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Gantry.Azure.SignIn;

namespace Gantry.Azure.ResourceManager;

/// <summary>
/// Azure Resource Manager: the few requests that are needed, over the pipeline of the Azure libraries, which signs in, tries again and
/// waits as long as the service asks.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/">Azure REST API reference</seealso>
internal sealed class ArmClient
{
    private readonly AzureCloud _cloud;
    private readonly HttpPipeline _pipeline;
    private readonly TimeProvider _time;

    public ArmClient(TokenCredential credential, AzureCloud cloud, AzureSessionOptions options)
    {
        _cloud = cloud;
        _time = options.TimeProvider;
        var client = new ArmClientOptions();
        options.Configure(client);
        _pipeline = HttpPipelineBuilder.Build(client, new BearerTokenAuthenticationPolicy(credential, cloud.ResourceManagerScope));
    }

    /// <summary>Reads something; null when it is not there.</summary>
    /// <param name="path">What: <c>/subscriptions/…</c>.</param>
    /// <param name="apiVersion">The version of the API.</param>
    /// <param name="type">How the answer is read.</param>
    /// <param name="what">What this is about, for messages: <c>reading the web app contoso-prod</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<T?> FindAsync<T>(string path, string apiVersion, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await SendAsync(RequestMethod.Get, Address(path, apiVersion), null, what, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? null : answer.EnsureSuccess().Read(type);
    }

    /// <summary>Sends something and reads the answer.</summary>
    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        RequestMethod method, string path, string apiVersion, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, string what, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var answer = await SendAsync(method, Address(path, apiVersion), Serialize(body, bodyType), what, cancellationToken);
        return answer.EnsureSuccess().Read(answerType);
    }

    /// <summary>Sends something and waits until all that it started is done, as the service says.</summary>
    /// <returns>Whether the end was seen; not when the service tells that it has begun, and nothing more, or this identity may not see it.</returns>
    /// <exception cref="GantryException">
    /// <c>GAN9011</c> to <c>GAN9016</c>: it is not accepted; <c>GAN9017</c>: it was begun and failed; <c>GAN9018</c>: it does not end.
    /// </exception>
    public async Task<bool> RunAsync<TBody>(
        RequestMethod method, string path, string apiVersion, TBody body, JsonTypeInfo<TBody> bodyType, string what, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(method, Address(path, apiVersion), Serialize(body, bodyType), what, cancellationToken);
        return await new ArmOperation(this, _time).WaitAsync(answer.EnsureSuccess(), cancellationToken);
    }

    /// <summary>Asks how far an operation is, at the address that the service gave.</summary>
    /// <exception cref="GantryException"><c>GAN9016</c>: the address is not one of Azure Resource Manager. A token does not go elsewhere.</exception>
    public Task<ArmResponse> FollowAsync(string address, string what, CancellationToken cancellationToken)
    {
        var own = _cloud.ResourceManager.Host;
        if (!Uri.TryCreate(_cloud.ResourceManager, address, out var uri)
            || uri.Scheme != Uri.UriSchemeHttps
            || !(uri.Host.Equals(own, StringComparison.OrdinalIgnoreCase) || uri.Host.EndsWith("." + own, StringComparison.OrdinalIgnoreCase)))
            throw ArmErrors.UnexpectedAnswer(what, HttpStatusCode.Accepted, "it tells to go on at an address that is not its own");
        return SendAsync(RequestMethod.Get, uri, null, what, cancellationToken);
    }

    private Uri Address(string path, string apiVersion) => new(_cloud.ResourceManager, $"{path}?api-version={apiVersion}");

    private static RequestContent Serialize<T>(T body, JsonTypeInfo<T> type) => RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(body, type));

    private async Task<ArmResponse> SendAsync(RequestMethod method, Uri uri, RequestContent? content, string what, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.SetValue("Accept", "application/json");
        if (content is not null)
        {
            message.Request.Content = content;
            message.Request.Headers.SetValue("Content-Type", "application/json");
        }

        try
        {
            await _pipeline.SendAsync(message, cancellationToken);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ArmErrors.Unreachable(_cloud.ResourceManager.Host, what, exception is OperationCanceledException ? "it does not answer" : exception.GetBaseException().Message, exception);
        }

        return ArmResponse.Of(message.Response, what, _time.GetUtcNow());
    }

    private sealed class ArmClientOptions : ClientOptions;
}
