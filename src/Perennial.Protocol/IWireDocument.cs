using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol;

/// <summary>A JSON document that goes over the wire; read and written by <see cref="WireJson"/>.</summary>
/// <typeparam name="TSelf">The document itself.</typeparam>
public interface IWireDocument<TSelf>
    where TSelf : class, IWireDocument<TSelf>
{
    /// <summary>The generated contract of the document.</summary>
    static abstract JsonTypeInfo<TSelf> TypeInfo { get; }
}
