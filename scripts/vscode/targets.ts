/** A platform the extension is packaged for: VS Code's name for it, and how Node and ONNX Runtime call it. */
export interface Target {
  readonly name: string;
  /** `process.platform`, also the folder under onnxruntime-node's `bin/napi-vN/`. */
  readonly os: 'linux' | 'darwin' | 'win32';
  /** `process.arch`, also the folder below that. */
  readonly arch: 'x64' | 'arm64';
}

/** The one list of platforms with a package. Each has a binary in onnxruntime-node. */
export const TARGETS: readonly Target[] = [
  { name: 'linux-x64', os: 'linux', arch: 'x64' },
  { name: 'linux-arm64', os: 'linux', arch: 'arm64' },
  { name: 'darwin-arm64', os: 'darwin', arch: 'arm64' },
  { name: 'win32-x64', os: 'win32', arch: 'x64' },
  { name: 'win32-arm64', os: 'win32', arch: 'arm64' },
];

/** Platforms that people ask for and that cannot be had, and why. */
const UNAVAILABLE: Readonly<Record<string, string>> = {
  'darwin-x64': 'ONNX Runtime has had no binary for Intel Macs since version 1.24',
  'linux-armhf': 'ONNX Runtime has no binary for 32-bit ARM',
  'alpine-x64': "ONNX Runtime's Linux binaries need glibc, and Alpine has musl",
  'alpine-arm64': "ONNX Runtime's Linux binaries need glibc, and Alpine has musl",
  web: 'the model runs in a process of its own, which a browser does not have',
};

/**
 * The files of ONNX Runtime that one operating system needs, in its `bin/napi-vN/<os>/<arch>` folder. What else lies there is left
 * out: DirectML and the shader compilers serve GPU providers that are not used (both are loaded on demand only), and
 * macOS has its library twice.
 */
export const RUNTIME_FILES: Readonly<Record<Target['os'], readonly string[]>> = {
  linux: ['onnxruntime_binding.node', 'libonnxruntime.so.1'],
  darwin: ['onnxruntime_binding.node', 'libonnxruntime.1.dylib'],
  win32: ['onnxruntime_binding.node', 'onnxruntime.dll'],
};

/**
 * Finds a target by VS Code's name for it.
 * @throws Error saying why there is none, and which there are.
 */
export function targetNamed(name: string): Target {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (!target) {
    const reason = Object.hasOwn(UNAVAILABLE, name)
      ? UNAVAILABLE[name]
      : 'VS Code knows no such platform, or no package is made for it';
    throw new Error(`No package for ${name}: ${reason}. There are: ${TARGETS.map((t) => t.name).join(', ')}`);
  }
  return target;
}

/** The platform this process runs on, by VS Code's name; there need not be a target for it. */
export function currentPlatform(): string {
  return `${process.platform}-${process.arch}`;
}
