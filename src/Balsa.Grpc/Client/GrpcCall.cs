using System.IO.Pipelines;
using System.Net;
using Balsa.Grpc.Wire;
using Google.Protobuf;

namespace Balsa.Grpc.Client;

/// <summary>A call under way. To dispose it before its end cancels it.</summary>
public sealed class GrpcCall<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    private readonly HttpRequestMessage _request;
    private readonly CallOptions _options;
    private readonly MessageParser<TResponse> _parser;
    private readonly int _bytesMax;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _deadline = new();
    private readonly Task<HttpResponseMessage> _response;
    private FrameReader<TResponse>? _frames;

    internal GrpcCall(
        HttpMessageInvoker http, Uri address, MessageParser<TResponse> parser, HttpContent content, CallOptions options, int bytesMax)
    {
        (_parser, _options, _bytesMax) = (parser, options, bytesMax);
        _over = CancellationTokenSource.CreateLinkedTokenSource(options.Stop, _deadline.Token);
        _request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content,
        };
        _request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach (var (name, value) in options.Metadata) _request.Headers.TryAddWithoutValidation(name, value);
        if (options.Timeout is { } timeout)
        {
            _request.Headers.TryAddWithoutValidation(HeaderNames.Timeout, TimeoutText.Format(timeout));
            if (timeout.TotalMilliseconds < int.MaxValue) _deadline.CancelAfter(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
        }

        _response = http.SendAsync(_request, _over.Token);
        if (content is MessageStream stream) _ = TellFailureAsync(stream);
    }

    /// <summary>Sends one more message. Any number of writers may call at once: each message goes out whole.</summary>
    /// <exception cref="GrpcException">The call is over; reading says why.</exception>
    public async Task WriteAsync(TRequest message)
    {
        if (_request.Content is not MessageStream stream)
            throw new InvalidOperationException("This call sends one message, and it was given when the call began.");
        try
        {
            await stream.WriteAsync(message, _over.Token);
        }
        catch (Exception problem) when (problem is not (GrpcException or InvalidOperationException))
        {
            throw Explain(problem);
        }
    }

    /// <summary>No more messages from this side; the server may go on.</summary>
    public void Complete() => (_request.Content as MessageStream)?.Complete();

    /// <summary>The next message of the server; null when the call has ended well. One reader at a time.</summary>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    public async ValueTask<TResponse?> ReadAsync()
    {
        try
        {
            var response = await _response;
            if (_frames is null)
            {
                if (ResponseStatus.InHeaders(response) is { } early) return early.Code == StatusCode.Ok ? null : throw early;
                var body = await response.Content.ReadAsStreamAsync(_over.Token);
                _frames = new FrameReader<TResponse>(PipeReader.Create(body), _parser, _bytesMax);
            }

            if (await _frames.ReadAsync(_over.Token) is { } message) return message;
            var status = ResponseStatus.InTrailers(response);
            return status.Code == StatusCode.Ok ? null : throw status;
        }
        catch (Exception problem) when (problem is not GrpcException)
        {
            throw Explain(problem);
        }
    }

    public void Dispose()
    {
        if (!_response.IsCompletedSuccessfully) _over.Cancel();
        // Whoever disposes does not wait for the answer any more, so nobody would look at how it failed.
        _ = _response.ContinueWith(
            static ended =>
            {
                if (ended.IsCompletedSuccessfully) ended.Result.Dispose();
                else _ = ended.Exception;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _request.Dispose();
        _over.Dispose();
        _deadline.Dispose();
    }

    private async Task TellFailureAsync(MessageStream stream)
    {
        try
        {
            await _response;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            stream.Fail(problem);
        }
    }

    private GrpcException Explain(Exception problem)
    {
        if (_options.Stop.IsCancellationRequested) return new GrpcException(StatusCode.Cancelled, "the caller gave up", problem);
        if (_deadline.IsCancellationRequested)
            return new GrpcException(StatusCode.DeadlineExceeded, $"no answer within {_options.Timeout}", problem);
        return ResponseStatus.Of(problem);
    }
}
