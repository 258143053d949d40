using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using Perennial.Server.Connections;
using Perennial.Server.Mqtt;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Mqtt;

/// <summary>Plays a transcript against the server's own handler over a connection in memory.</summary>
internal sealed partial class TranscriptPlay(ServedInstance instance, TimeProvider time)
{
    private const string NoScope = "0ne00000000";

    private const string NoGuid = "00000000-0000-0000-0000-000000000000";

    private string _operation = NoGuid;

    /// <summary>Plays it to its end.</summary>
    /// <returns>What the server answered at each expected step, in the form of the file.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(Transcript transcript, PresentedCertificates presented, CancellationToken cancellationToken)
    {
        var pair = new PipePair();
        var channel = new MqttChannel(pair.Server, MqttEnd.Server, time, pair.Abort);
        var serving = ServeAsync(channel, presented, pair, cancellationToken);
        var answers = new List<string>();
        foreach (var step in transcript.Steps)
        {
            if (step.IsSent)
            {
                await pair.Client.Output.WriteAsync(Encoding.Latin1.GetBytes(Unmask(Encoding.Latin1.GetString(step.Bytes))), cancellationToken);
            }
            else
            {
                answers.Add(await AnswerAsync(pair.Client.Input, cancellationToken));
            }
        }

        await pair.Client.Output.CompleteAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        return answers;
    }

    private async Task ServeAsync(MqttChannel channel, PresentedCertificates presented, PipePair pair, CancellationToken cancellationToken)
    {
        try
        {
            await instance.Parts.DeviceConnections.ServeAsync(channel, presented, "localhost", cancellationToken);
        }
        catch (MqttProtocolException)
        {
            // Ends the connection, as the handler does.
        }

        await pair.Server.Output.CompleteAsync();
    }

    private async Task<string> AnswerAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            var buffer = read.Buffer;
            if (MqttFrame.TryTake(ref buffer, MqttEnd.Client, out _))
            {
                var packet = read.Buffer.Slice(0, buffer.Start).ToArray();
                input.AdvanceTo(buffer.Start);
                return Convert.ToHexString(Encoding.Latin1.GetBytes(Mask(Encoding.Latin1.GetString(packet))));
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return "end";
            }
        }
    }

    private string Unmask(string text) => text
        .Replace(NoScope, instance.Instance.Document.IdScope, StringComparison.Ordinal)
        .Replace(NoGuid, _operation, StringComparison.Ordinal);

    private string Mask(string text)
    {
        _operation = Operation().Match(text) is { Success: true } match ? match.Groups[1].Value : _operation;
        return ETag().Replace(AnyGuid().Replace(text, NoGuid), match => match.Groups[1].Value + new string('0', match.Groups[2].Length) + "\"")
            .Replace(instance.Instance.Document.IdScope, NoScope, StringComparison.Ordinal);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex AnyGuid();

    [GeneratedRegex("\"operationId\":\"5\\.[0-9a-f]{16}\\.([0-9a-f-]{36})\"")]
    private static partial Regex Operation();

    [GeneratedRegex("(\"etag\":\")([^\"]*)\"")]
    private static partial Regex ETag();
}
