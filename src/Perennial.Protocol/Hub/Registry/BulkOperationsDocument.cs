using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The body of a bulk request: an array of at most <see cref="MaxCount"/> changes. Source: hub-protocol §4.6.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A document of the wire that is an array.")]
public sealed class BulkOperationsDocument : List<BulkOperationDocument>, IWireDocument<BulkOperationsDocument>
{
    /// <summary>The most changes of one request.</summary>
    public const int MaxCount = 100;

    /// <inheritdoc/>
    static JsonTypeInfo<BulkOperationsDocument> IWireDocument<BulkOperationsDocument>.TypeInfo => RegistryJson.Default.BulkOperationsDocument;
}
