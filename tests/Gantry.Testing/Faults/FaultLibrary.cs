using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gantry.Testing.Faults;

/// <summary>What goes wrong between registries and their clients.</summary>
public static class FaultLibrary
{
    /// <summary>An error without an explanation.</summary>
    public static Fault Status(int status, string? retryAfter = null) => fault =>
    {
        fault.Http.Response.StatusCode = status;
        if (retryAfter is not null)
            fault.Http.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    };

    /// <summary>An error with the registry's code.</summary>
    public static Fault Refuse(int status, string code) => fault => RegistryApi.RefuseAsync(fault.Http, status, code);

    /// <summary>A page for people.</summary>
    public static Fault Html(int status = 200) => async fault =>
    {
        fault.Http.Response.StatusCode = status;
        fault.Http.Response.ContentType = "text/html; charset=utf-8";
        await fault.Http.Response.WriteAsync("<!doctype html><title>Welcome</title>");
    };

    /// <summary>Another challenge than before.</summary>
    public static Fault Challenge(string challenge) => fault =>
    {
        fault.Http.Response.StatusCode = 401;
        fault.Http.Response.Headers.WWWAuthenticate = challenge;
        return Task.CompletedTask;
    };

    /// <summary>The connection is reset before anything is answered.</summary>
    public static Fault Reset() => fault =>
    {
        fault.Http.Abort();
        return Task.CompletedTask;
    };

    /// <summary>The request is done, and its answer is lost.</summary>
    public static Fault LoseAnswer() => async fault =>
    {
        await CaptureAsync(fault);
        fault.Http.Abort();
    };

    /// <summary>The connection is reset when so many bytes of the request's body have arrived, and they are kept.</summary>
    public static Fault ResetAfterReceiving(int bytes) => async fault =>
    {
        var upload = fault.Registry.Store.Uploads[fault.Http.Request.Path.Value!.Split('/')[^1]];
        var buffer = new byte[bytes];
        await fault.Http.Request.Body.ReadExactlyAsync(buffer);
        upload.Content.Write(buffer);
        fault.Http.Abort();
    };

    /// <summary>Nothing of a request's body is taken any more.</summary>
    public static Fault StallReceiving() => Stall();

    /// <summary>Nothing is answered.</summary>
    public static Fault Stall() => fault => PassAsync(fault, fault.Registry.Time.UnderWay());

    /// <summary>The body ends early, and the connection with it.</summary>
    public static Fault Truncate(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        await SendPartAsync(fault, body, bytes);
        fault.Http.Abort();
    };

    /// <summary>The body ends early, as if that were all of it.</summary>
    public static Fault Shorten(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = bytes;
        await fault.Http.Response.Body.WriteAsync(body.AsMemory(0, bytes));
    };

    /// <summary>The body ends early, without its length having been told.</summary>
    public static Fault ShortenChunked(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = null;
        await fault.Http.Response.Body.WriteAsync(body.AsMemory(0, bytes));
    };

    /// <summary>More comes than belongs there, without a length.</summary>
    public static Fault Lengthen(int bytes) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = null;
        await fault.Http.Response.Body.WriteAsync(body);
        await fault.Http.Response.Body.WriteAsync(new byte[bytes]);
    };

    /// <summary>The body stops in the middle and the connection stays.</summary>
    /// <param name="bytes">The bytes that are sent.</param>
    /// <param name="read">Done when the client has read them; null when it may have read any number of them when its time is up.</param>
    public static Fault StallAfter(int bytes, Task? read = null) => async fault =>
    {
        var limits = fault.Registry.Time.UnderWay();
        var body = await CaptureAsync(fault);
        await SendPartAsync(fault, body, bytes);

        // From here on the client knows that it is answered, and waits for the body.
        await limits.SetAgainAsync(fault.Http.RequestAborted);
        await (read ?? Task.CompletedTask).WaitAsync(fault.Http.RequestAborted);
        await PassAsync(fault, limits);
    };

    /// <summary>A byte every few minutes.</summary>
    public static Fault Drip() => async fault =>
    {
        var limits = fault.Registry.Time.UnderWay();
        var body = await CaptureAsync(fault);
        fault.Http.Response.ContentLength = body.Length;
        for (var i = 0; i < body.Length; i++)
        {
            await fault.Http.Response.Body.WriteAsync(body.AsMemory(i, 1));
            await fault.Http.Response.Body.FlushAsync();
            await limits.SetAgainAsync(fault.Http.RequestAborted);
            if (!await limits.PassAsync(ImpatientTime.Limit / 10, fault.Http.RequestAborted))
                break;
        }

        fault.Http.Abort();
    };

    /// <summary>One bit of the body is another one.</summary>
    public static Fault Corrupt() => async fault =>
    {
        var body = await CaptureAsync(fault);
        body[body.Length / 2] ^= 1;
        await fault.Http.Response.Body.WriteAsync(body);
    };

    /// <summary>Another body, of any type.</summary>
    public static Fault Answer(string mediaType, byte[] body, int status = 200) => async fault =>
    {
        fault.Http.Response.StatusCode = status;
        fault.Http.Response.ContentType = mediaType;
        fault.Http.Response.ContentLength = body.Length;
        if (fault.Http.Request.Method != "HEAD")
            await fault.Http.Response.Body.WriteAsync(body);
    };

    /// <summary>A header is other than it should be, or missing.</summary>
    public static Fault Header(string name, string? value) => async fault =>
    {
        var body = await CaptureAsync(fault);
        fault.Http.Response.Headers.Remove(name);
        if (value is not null)
            fault.Http.Response.Headers[name] = value;
        if (fault.Http.Request.Method != "HEAD")
            await fault.Http.Response.Body.WriteAsync(body);
    };

    /// <summary>The answer says that it is done, and it is not.</summary>
    public static Fault Pretend(int status) => async fault =>
    {
        await fault.Http.Request.Body.CopyToAsync(Stream.Null);
        fault.Http.Response.StatusCode = status;
    };

    /// <summary>Go somewhere else.</summary>
    public static Fault Redirect(string location, int status = 307) => fault =>
    {
        fault.Http.Response.StatusCode = status;
        fault.Http.Response.Headers.Location = location.Replace("{path}", $"{fault.Http.Request.Path}{fault.Http.Request.QueryString}", StringComparison.Ordinal);
        return Task.CompletedTask;
    };

    /// <summary>An upload is forgotten.</summary>
    public static Fault LoseUpload() => async fault =>
    {
        fault.Registry.Store.Uploads.Clear();
        await fault.AnswerAsync();
    };

    /// <summary>A body without an end.</summary>
    public static Fault Endless(string mediaType) => async fault =>
    {
        fault.Http.Response.ContentType = mediaType;
        var spaces = new byte[64 * 1024];
        spaces.AsSpan().Fill((byte)' ');
        while (!fault.Http.RequestAborted.IsCancellationRequested)
            await fault.Http.Response.Body.WriteAsync(spaces, fault.Http.RequestAborted);
    };

    /// <summary>Lets time pass for a client that waits for its answer, until it waits no more.</summary>
    private static async Task PassAsync(FaultContext fault, ImpatientTime.Limits limits)
    {
        while (await limits.PassAsync(ImpatientTime.Limit, fault.Http.RequestAborted))
        {
            // What was under way beside it may be up first.
        }

        fault.Http.Abort();
    }

    private static async Task SendPartAsync(FaultContext fault, byte[] body, int bytes)
    {
        fault.Http.Response.ContentLength = body.Length;
        await fault.Http.Response.Body.WriteAsync(body.AsMemory(0, bytes));
        await fault.Http.Response.Body.FlushAsync();
    }

    /// <summary>Lets the registry answer, and holds back the body.</summary>
    private static async Task<byte[]> CaptureAsync(FaultContext fault)
    {
        var features = fault.Http.Features;
        var original = features.Get<IHttpResponseBodyFeature>()!;
        using var captured = new MemoryStream();
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(captured));
        try
        {
            await fault.AnswerAsync();
        }
        finally
        {
            features.Set(original);
        }

        return captured.ToArray();
    }
}
